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
	doubts int  // looks at a reader that cannot be believed
	asked  bool // the reader itself was asked what is in it
}

func newWatched(name string) *watched {
	return &watched{state: scard.ReaderState{Reader: name}, seen: sight{reader: name}}
}

// unseen says that nothing is known of the reader yet: the next wait returns
// at once and tells.
func (r *watched) unseen() bool { return !r.looked }

// take takes in what the service says of the reader now.
func (r *watched) take(s *Slot, service service, state scard.ReaderState) {
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
	if r.doubts < doubtLooks && (r.early(now) || r.ghost(now)) {
		r.doubts++
		r.state.CurrentState = scard.StateUnaware // ask, as the count alone wakes nobody
		return
	}
	if r.ghost(now) && !r.asked {
		r.asked = true
		r.state.CurrentState = scard.StateUnaware
		ask(service, now.reader)
		return
	}
	r.seen, r.doubts, r.asked = now, 0, false
}

// early says that an empty reader is not yet to be believed: pcscd calls it
// empty as soon as a reset fails, but counts a card that went only when its
// look-out has seen it, up to 0.4 s later. A card that came back in between
// would never be told of; so the count decides.
func (r *watched) early(now sight) bool {
	return r.seen.card && !now.card && !now.broken && now.insertion == r.seen.insertion
}

// ghost says that a card may have gone that is still told of. pcscd writes down
// how the reset at the end of a session went without regard to its look-out,
// which may have seen the card go since, and will not see it again. But it has
// counted: each coming and each going adds one, so that a card follows another
// after two counts, and an empty reader after one.
func (r *watched) ghost(now sight) bool {
	if r.seen.broken || now.insertion>>16 != r.seen.insertion>>16 {
		return false // it may count from anywhere
	}
	same := (now.insertion-r.seen.insertion)%2 == 0
	return now.card && same != r.seen.card
}

// unsettled says that the service answers at once when it is asked about this
// reader: the question shall wait a moment.
func (r *watched) unsettled() bool { return r.doubts > 0 || missing(r.state) }
