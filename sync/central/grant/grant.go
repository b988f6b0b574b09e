// Package grant knows the keys that unblock cards, and follows a PUK through
// its generations.
//
// Its words: a [Kind] is what there is to know of a profile's keys; a
// [Generation] is one key of a card, imported or derived from the card key of
// the ring; the current one is what the card has as far as central knows; the
// next one is what a terminal gives it right after use, where the card can
// take one. A [State] is all central keeps of a card's key. Until a change is
// confirmed every grant offers the same pair, so a lost answer never leaves a
// card with a PUK that nobody can tell.
//
// The package holds no key in the clear for longer than a call, and decides
// nothing about who gets a grant: see packages cases and desk.
package grant

import (
	"errors"
	"fmt"
	"slices"

	"unlockpoint/reader/gids"
	"unlockpoint/sync/wire"
)

// kept is how many generations that cards had are remembered, for a card that
// comes back from a drawer.
const kept = 3

// Generation is one key of a card: derived from a version of the card key or,
// when Key is 0, imported and sealed.
type Generation struct {
	Number  int    `json:"n"`
	Key     int    `json:"key,omitempty"`
	Sealed  []byte `json:"sealed,omitempty"`
	Factory bool   `json:"factory,omitempty"` // the card came with it: anybody knows it
}

// errKind is a fault of ours: no card of another kind is taken in.
var errKind = errors.New("there are no keys for cards of this profile")

// Ring is what opens or derives keys.
type Ring interface {
	CardKey(version int) ([]byte, error)
	OpenPUK(card string, sealed []byte) ([]byte, error)
}

// Value is the key itself. The caller wipes it.
func (g Generation) Value(ring Ring, card string) ([]byte, error) {
	if g.Key == 0 {
		puk, err := ring.OpenPUK(card, g.Sealed)
		if err != nil {
			return nil, fmt.Errorf("opening an imported key: %w", err)
		}
		return puk, nil
	}
	kind, ok := KindOf(card)
	if !ok {
		return nil, errKind
	}
	key, err := ring.CardKey(g.Key)
	if err != nil {
		return nil, fmt.Errorf("deriving a key: %w", err)
	}
	return kind.derive(key, card, g.Number), nil
}

// State is what central keeps of a card's key.
type State struct {
	Kept  []Generation `json:"kept"` // oldest first; the last one is current
	Next  *Generation  `json:"next,omitempty"`
	Sent  bool         `json:"sent,omitempty"`  // the change to Next was sent and its answer lost
	Tries *int         `json:"tries,omitempty"` // left at the least; nil: nobody knows

	Wrong []wire.PUKState `json:"wrong,omitempty"` // of current and next, those that the card refused
}

// New is the state of a card that has its first key.
func New(first Generation) State { return State{Kept: []Generation{first}} }

// Current is the generation that the card has, as far as is known.
func (s State) Current() Generation { return s.Kept[len(s.Kept)-1] }

// UsedUp reports that the card takes no key any more.
func (s State) UsedUp() bool { return s.Tries != nil && *s.Tries == 0 }

// Doubtful reports that no key may be tried: the card refused both that it may
// have, or one try is left and a wrong one would be its last.
func (s State) Doubtful() bool {
	return len(s.Wrong) > 1 || s.Tries != nil && *s.Tries < 2
}

// Offer fixes the successor, derived from the given version of the card key,
// unless it is fixed already or the card keeps its key for good.
func (s State) Offer(k Kind, key int) State {
	if k.Rotates && s.Next == nil {
		s.Next = &Generation{Number: s.Current().Number + 1, Key: key}
	}
	return s
}

// Grant is the offer in the clear, of a card that is told its key.
func (s State) Grant(ring Ring, card string) (wire.Grant, error) {
	current, err := s.Current().Value(ring, card)
	if err != nil {
		return wire.Grant{}, err
	}
	g := wire.Grant{Generation: s.Current().Number, Current: current, NextFirst: s.nextFirst(), Wrong: s.Wrong}
	if s.Next != nil {
		g.Next, err = s.Next.Value(ring, card)
	}
	return g, err
}

// Asked is a question between a card whose key stays here and central: each
// side's challenge to the other.
type Asked struct {
	Ours []byte `json:"ours"`
	Its  []byte `json:"its"`
}

// Answer is the grant for a card that asked: what only the holder of its key
// can say.
func (s State) Answer(ring Ring, card string, q Asked) (wire.Grant, error) {
	key, err := s.Current().Value(ring, card)
	if err != nil {
		return wire.Grant{}, err
	}
	defer clear(key)
	answer, err := gids.Answer(key, q.Ours, q.Its)
	if err != nil {
		return wire.Grant{}, fmt.Errorf("answering a card: %w", err)
	}
	return wire.Grant{Generation: s.Current().Number, Current: answer}, nil
}

// Proved reports whether the card's half of an exchange is its own.
func (s State) Proved(ring Ring, card string, q Asked, half []byte) (bool, error) {
	key, err := s.Current().Value(ring, card)
	if err != nil {
		return false, err
	}
	defer clear(key)
	return gids.HalfHolds(key, q.Ours, q.Its, half), nil
}

// nextFirst is the better guess: what the card refused it does not have.
func (s State) nextFirst() bool {
	if len(s.Wrong) == 1 {
		return s.Wrong[0] == wire.PUKCurrent
	}
	return s.Sent
}

// Done takes in what a terminal says became of the PUK. News of an earlier
// generation changes nothing but the counter.
func (s State) Done(b wire.UnlockDoneBody) State {
	switch tries := b.PUKTries; {
	case tries >= 0:
		s.Tries = &tries
	case b.PIN == wire.PINReset:
		s.Tries = nil // the card took a key: it has all its tries
	}
	if b.Generation != s.Current().Number {
		return s
	}
	s = s.refused(b)
	if s.Next == nil {
		return s
	}
	switch b.PUK {
	case wire.PUKCurrent:
		// Only a card that took the current PUK tells that an earlier change
		// did not get through.
		s.Sent = s.Sent && b.PIN != wire.PINReset
	case wire.PUKUnknown:
		s.Sent = true
		if !slices.Contains(b.Wrong, wire.PUKNext) { // an older refusal: the change may have been sent since
			s.Wrong = slices.DeleteFunc(slices.Clone(s.Wrong), func(puk wire.PUKState) bool { return puk == wire.PUKNext })
		}
	case wire.PUKNext:
		all := append(append([]Generation{}, s.Kept...), *s.Next)
		s.Kept = all[max(0, len(all)-kept):]
		s.Next, s.Sent, s.Wrong = nil, false, nil
	}
	return s
}

// refused notes what the card does not have, until it takes a key.
func (s State) refused(b wire.UnlockDoneBody) State {
	if b.PIN == wire.PINReset {
		s.Wrong = nil
		return s
	}
	for _, puk := range b.Wrong {
		if (puk == wire.PUKCurrent || puk == wire.PUKNext) && !slices.Contains(s.Wrong, puk) {
			s.Wrong = append(slices.Clone(s.Wrong), puk)
		}
	}
	return s
}
