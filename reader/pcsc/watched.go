package pcsc

import (
	"time"

	"github.com/ebfe/scard"
)

const (
	// unsettledLook is how often a reader is asked again that cannot be
	// believed yet, and doubtLooks how often before it is.
	unsettledLook = 50 * time.Millisecond
	doubtLooks    = 20
)

// watched is a reader that the follower watches.
type watched struct {
	state  scard.ReaderState
	seen   sight
	looked bool // at all
	doubts int  // looks at a reader that is called empty too early
}

func newWatched(name string) *watched {
	return &watched{state: scard.ReaderState{Reader: name}, seen: sight{reader: name}}
}

// unseen says that nothing is known of the reader yet: the next wait returns
// at once and tells.
func (r *watched) unseen() bool { return !r.looked }

// take takes in what the service says of the reader now.
func (r *watched) take(s *Slot, state scard.ReaderState) {
	r.state = state
	r.state.CurrentState = state.EventState
	if missing(state) { // the list of readers decides whether that is so
		r.state.CurrentState = scard.StateUnaware
		return
	}
	r.looked = true
	now := s.sight(state)
	if counter(state) < uint16(r.seen.insertion) && !now.broken {
		// It counts anew: it was away, and nobody saw that.
		s.numbers.begin(now.reader)
		now = s.sight(state)
	}
	if r.early(now) {
		r.doubts++
		r.state.CurrentState = scard.StateUnaware // ask, as the count alone wakes nobody
		return
	}
	r.seen, r.doubts = now, 0
}

// early says that an empty reader is not yet to be believed: pcscd calls it
// empty as soon as a reset fails, but counts a card that went only when its
// look-out has seen it, up to 0.4 s later. A card that came back in between
// would never be told of; so the count decides.
func (r *watched) early(now sight) bool {
	return r.seen.card && !now.card && !now.broken && now.insertion == r.seen.insertion && r.doubts < doubtLooks
}

// unsettled says that the service answers at once when it is asked about this
// reader: the question shall wait a moment.
func (r *watched) unsettled() bool { return r.doubts > 0 || missing(r.state) }
