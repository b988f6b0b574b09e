// Package grant follows the PUK of a card through its generations.
//
// Its words: a [Generation] is one PUK of a card, imported or derived from
// the card key; the current one is what the card has as far as central knows;
// the next one is what a terminal gives it right after use. A [State] is all
// central keeps of a card's PUK. Until a change is confirmed every grant
// offers the same pair, so a lost answer never leaves a card with a PUK that
// nobody can tell.
//
// The package holds no PUK in the clear for longer than a call, and decides
// nothing about who gets one: see packages cases and desk.
package grant

import (
	"fmt"

	"unlockpoint/reader/piv"
	"unlockpoint/sync/wire"
)

// kept is how many generations that cards had are remembered, for a card that
// comes back from a drawer.
const kept = 3

// Generation is one PUK: derived from a version of the card key or, when Key
// is 0, imported and sealed.
type Generation struct {
	Number int    `json:"n"`
	Key    int    `json:"key,omitempty"`
	Sealed []byte `json:"sealed,omitempty"`
}

// Ring is what opens or derives PUKs.
type Ring interface {
	CardKey(version int) ([]byte, error)
	OpenPUK(card string, sealed []byte) ([]byte, error)
}

// Value is the PUK itself. The caller wipes it.
func (g Generation) Value(ring Ring, card string) ([]byte, error) {
	if g.Key == 0 {
		puk, err := ring.OpenPUK(card, g.Sealed)
		if err != nil {
			return nil, fmt.Errorf("opening an imported PUK: %w", err)
		}
		return puk, nil
	}
	key, err := ring.CardKey(g.Key)
	if err != nil {
		return nil, fmt.Errorf("deriving a PUK: %w", err)
	}
	return piv.PUK(key, card, g.Number), nil
}

// State is what central keeps of a card's PUK.
type State struct {
	Kept  []Generation `json:"kept"` // oldest first; the last one is current
	Next  *Generation  `json:"next,omitempty"`
	Sent  bool         `json:"sent,omitempty"`  // the change to Next was sent and its answer lost
	Tries *int         `json:"tries,omitempty"` // the counter as last seen; nil: never
}

// New is the state of a card that has its first PUK.
func New(first Generation) State { return State{Kept: []Generation{first}} }

// Current is the generation that the card has, as far as is known.
func (s State) Current() Generation { return s.Kept[len(s.Kept)-1] }

// UsedUp reports that the card takes no PUK any more.
func (s State) UsedUp() bool { return s.Tries != nil && *s.Tries == 0 }

// Offer fixes the successor, derived from the given version of the card key,
// unless it is fixed already.
func (s State) Offer(key int) State {
	if s.Next == nil {
		s.Next = &Generation{Number: s.Current().Number + 1, Key: key}
	}
	return s
}

// Grant is the offer in the clear.
func (s State) Grant(ring Ring, card string) (wire.Grant, error) {
	current, err := s.Current().Value(ring, card)
	if err != nil {
		return wire.Grant{}, err
	}
	next, err := s.Next.Value(ring, card)
	if err != nil {
		return wire.Grant{}, err
	}
	return wire.Grant{Generation: s.Current().Number, Current: current, Next: next, NextFirst: s.Sent}, nil
}

// Done takes in what a terminal says became of the PUK. News of an earlier
// generation changes nothing but the counter.
func (s State) Done(b wire.UnlockDoneBody) State {
	if tries := b.PUKTries; tries >= 0 {
		s.Tries = &tries
	}
	if b.Generation != s.Current().Number || s.Next == nil {
		return s
	}
	switch b.PUK {
	case wire.PUKCurrent:
		// Only a card that took the current PUK tells that an earlier change
		// did not get through.
		s.Sent = s.Sent && b.PIN != wire.PINReset
	case wire.PUKUnknown:
		s.Sent = true
	case wire.PUKNext:
		all := append(append([]Generation{}, s.Kept...), *s.Next)
		s.Kept = all[max(0, len(all)-kept):]
		s.Next, s.Sent = nil, false
	}
	return s
}
