package store

import (
	"fmt"
	"slices"

	"unlockpoint/sync/wire"
)

// entry is the journal of one card's unlock. Values of PUKs and passcodes are
// never in it.
type entry struct {
	Case       string        `json:"case"`
	Generation int           `json:"gen"`
	With       wire.PUKState `json:"with,omitempty"`   // which PUK RESET RETRY COUNTER carried
	Reset      phase         `json:"reset,omitempty"`  // of RESET RETRY COUNTER
	Change     phase         `json:"change,omitempty"` // of CHANGE REFERENCE DATA for the PUK
	Worked     bool          `json:"worked,omitempty"` // the card was not blocked: its holder forgot the passcode

	// NextSent stays set over all unlocks of one generation: a change of the
	// PUK left the terminal and nobody knows what the card did.
	NextSent bool `json:"next_sent,omitempty"`

	// Wrong are the PUKs of the generation that the card has refused.
	Wrong []wire.PUKState `json:"wrong,omitempty"`

	// Left is how many tries the PUK has at the least: the counter as the card
	// last told it, less those that were sent since. nil: nobody knows.
	Left *int `json:"left,omitempty"`

	// Told is set when the fact of the unlock's end is in the outbox and the
	// entry waits for the card's next insertion.
	Told bool `json:"told,omitempty"`

	// Half is the card's own part of an exchange in which both sides prove
	// themselves: for central to check, and worth nothing to anybody else.
	Half []byte `json:"half,omitempty"`
}

// phase of one command to the card.
type phase string

const (
	notSent phase = ""
	sent    phase = "sent"    // and no answer known
	did     phase = "did"     // the card said so
	didNot  phase = "did-not" // the card said so
)

// Unlock is one unlock under way. It belongs to one goroutine. Each step is
// on disk when its method returns, so BeforeX is called before the command
// goes to the card and AfterX when its answer is there. A command whose
// answer was lost has no AfterX.
type Unlock struct {
	store *Store
	card  string
	entry entry
}

// BeginUnlock is for a grant of this generation that is about to be used on
// the card with this keyed hash, which is blocked or works. Nothing is written
// before the first step.
func (s *Store) BeginUnlock(card, caseID string, generation int, works bool) (*Unlock, error) {
	if err := checkHash(card); err != nil {
		return nil, err
	}
	var before entry
	if err := s.view(func(t tx) error { return t.find(underPlay+card, &before) }); err != nil {
		return nil, fmt.Errorf("read the journal of a card: %w", err)
	}
	e := entry{Case: caseID, Generation: generation, Worked: works}
	if before.Generation == generation {
		e.NextSent, e.Wrong, e.Left = before.NextSent, before.Wrong, before.Left
	}
	return &Unlock{store: s, card: card, entry: e}, nil
}

// NextFirst says that the card may have the next PUK of this generation
// already: a change to it was sent from here.
func (u *Unlock) NextFirst() bool { return u.entry.NextSent }

// Refused reports whether the card has refused this PUK of the generation.
func (u *Unlock) Refused(puk wire.PUKState) bool { return slices.Contains(u.entry.Wrong, puk) }

// Left is how many tries the PUK has left at the least, -1 when nobody knows.
func (u *Unlock) Left() int { return leftOf(u.entry) }

func leftOf(e entry) int {
	if e.Left == nil {
		return -1
	}
	return *e.Left
}

// BeforeReset comes before RESET RETRY COUNTER (2C) with the grant's current
// or next PUK. It may be called again with the other one when the card
// refused the first.
func (u *Unlock) BeforeReset(with wire.PUKState) error {
	return u.step("before 2C", func(e *entry) {
		e.With, e.Reset = with, sent
		if e.Left != nil {
			less := max(*e.Left-1, 0)
			e.Left = &less
		}
	})
}

// Answer is what the card said to RESET RETRY COUNTER.
type Answer struct {
	Done  bool   // the passcode is set
	Wrong bool   // the PUK is not the card's
	Left  int    // tries of the PUK, -1 when the card did not say
	Half  []byte // what the card proved itself with meanwhile; may be nil
}

// AfterReset comes after the card's answer.
func (u *Unlock) AfterReset(a Answer) error {
	return u.step("after 2C", func(e *entry) {
		e.Reset, e.Half, e.Left = answered(a.Done), a.Half, nil
		if a.Left >= 0 {
			e.Left = &a.Left
		}
		switch {
		case a.Done:
			e.NextSent, e.Wrong = false, nil // the card took the PUK in With: no doubt left
		case a.Wrong && !slices.Contains(e.Wrong, e.With):
			e.Wrong = append(slices.Clone(e.Wrong), e.With)
		}
	})
}

// BeforeChange comes before CHANGE REFERENCE DATA (24) for the PUK.
func (u *Unlock) BeforeChange() error {
	return u.step("before 24", func(e *entry) { e.Change, e.NextSent = sent, true })
}

// AfterChange comes after the card's answer: done, or refused.
func (u *Unlock) AfterChange(done bool) error {
	return u.step("after 24", func(e *entry) { e.Change, e.NextSent = answered(done), false })
}

func answered(done bool) phase {
	if done {
		return did
	}
	return didNot
}

func (u *Unlock) step(point string, f func(*entry)) error {
	next := u.entry
	f(&next)
	if err := u.store.update(point, func(t tx) error { return t.put(underPlay+u.card, next) }); err != nil {
		return fmt.Errorf("journal an unlock: %w", err)
	}
	u.entry = next
	return nil
}

// Finish ends the unlock: what is known goes to central as the fact
// unlock.done, and the journal keeps no more than the card's next insertion
// needs, in one transaction. Nothing is told when no command reached the card,
// or when it refused them all and nothing was learned of its PUK.
func (u *Unlock) Finish() error {
	if u.entry.Reset == notSent {
		return nil
	}
	err := u.store.update("unlock done", func(t tx) error {
		if u.entry.Reset == didNot && (u.entry.Left != nil || len(u.entry.Wrong) > 0) {
			if err := t.done(u.entry, wire.PINUnknown); err != nil {
				return err
			}
		}
		return t.finish(u.card, u.entry, u.entry.pin())
	})
	if err != nil {
		u.store.untold.Store(true)
		return fmt.Errorf("journal the end of an unlock: %w", err)
	}
	u.store.tell()
	return nil
}
