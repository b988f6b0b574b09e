package pcsc

import (
	"github.com/ebfe/scard"

	"unlockpoint/reader"
)

// sight is what a reader looks like.
type sight struct {
	reader    string
	broken    bool // the service cannot talk to it
	card      bool
	mute      bool
	insertion uint32
}

func (s *Slot) sight(state scard.ReaderState) sight {
	name := cut(state.Reader)
	v := sight{reader: name, insertion: s.numbers.of(name, counter(state))}
	v.broken = state.EventState&scard.StateUnavailable != 0
	// The answer to reset in the state outlives its card: only the bits count.
	v.card = state.EventState&scard.StatePresent != 0
	v.mute = v.card && state.EventState&scard.StateMute != 0
	return v
}

// counter is PC/SC's count of cards coming and going.
func counter(state scard.ReaderState) uint16 { return uint16(state.EventState >> 16) }

// missing says that the service knows no such reader.
func missing(state scard.ReaderState) bool { return state.EventState&scard.StateUnknown != 0 }

func (v sight) presence() reader.Presence {
	return reader.Presence{Reader: v.reader, Card: v.card, Mute: v.mute, Insertion: v.insertion}
}

// How much a reader asks for attention.
const (
	isBroken = iota
	isEmpty
	hasMute
	hasCard
)

func (v sight) rank() int {
	switch {
	case v.broken:
		return isBroken
	case !v.card:
		return isEmpty
	case v.mute:
		return hasMute
	}
	return hasCard
}

// choose returns the reader to serve, and whether there is one that works. A
// card that answers comes before one that does not, and that before none:
// whoever stands at two readers has put the card into one of them. Among
// equals the reader that is served keeps its turn, then the first one has it.
func choose(sights []sight, served string) (best sight, works bool) {
	for i, v := range sights {
		if i == 0 || v.rank() > best.rank() || v.rank() == best.rank() && v.reader == served {
			best = v
		}
	}
	return best, len(sights) > 0 && !best.broken
}
