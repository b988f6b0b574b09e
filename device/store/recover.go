package store

import (
	"errors"
	"fmt"
	"strings"

	"unlockpoint/sync/wire"
)

// Leftover is what the journal knows of an unlock that was cut short.
type Leftover struct {
	Case       string
	Generation int
	PUK        wire.PUKState
}

// Unfinished is what is left of an unlock of the card with this keyed hash
// that was cut short at this terminal: by the power, or by a disk that could not
// be written, whose unlocks are ended here as those of a power cut are by Open.
func (s *Store) Unfinished(card string) (Leftover, bool, error) {
	if s.untold.Load() {
		if err := s.recover(); err != nil {
			return Leftover{}, false, fmt.Errorf("end what the disk cut short: %w", err)
		}
		s.untold.Store(false)
		s.tell()
	}
	var e entry
	err := s.view(func(t tx) error { return t.get(underPlay+card, &e) })
	if errors.Is(err, errNone) {
		return Leftover{}, false, nil
	}
	if err != nil {
		return Leftover{}, false, fmt.Errorf("read the journal of a card: %w", err)
	}
	return Leftover{Case: e.Case, Generation: e.Generation, PUK: e.puk()}, e.Told, nil
}

// Settle ends the wait for a card whose unlock was cut short: it was put in
// again and works. If it was blocked before, the fact unlock.done says that it
// is not any more; if it worked then too, nobody knows which passcode it has,
// nothing is told, and the case stays open. Nothing happens when nothing was
// left.
func (s *Store) Settle(card string, pukTries int) error {
	err := s.update("unlock settled", func(t tx) error {
		var e entry
		if err := t.get(underPlay+card, &e); err != nil {
			return err
		}
		if !e.Told {
			return nil
		}
		taken := !e.Worked || e.Reset == did // the PUK, by the card
		switch {
		case pukTries >= 0:
			e.Left = &pukTries
		case taken:
			e.Left = nil
		}
		if taken {
			if err := t.done(e, wire.PINReset); err != nil {
				return err
			}
		}
		e.Told = false
		return t.keep(card, e)
	})
	if errors.Is(err, errNone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settle an unlock: %w", err)
	}
	s.tell()
	return nil
}

// recover ends the unlocks that a power cut left behind. What the card did
// then is not known: the passcode is told as unknown, the case stays open,
// and the next insertion says what happened.
func (s *Store) recover() error {
	left, err := s.cutShort()
	if err != nil || len(left) == 0 {
		return err
	}
	return s.update("recovery", func(t tx) error {
		for card, e := range left {
			if err := t.finish(card, e, wire.PINUnknown); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) cutShort() (map[string]entry, error) {
	left := map[string]entry{}
	err := s.view(func(t tx) error {
		return t.each(underPlay, underPlay, func(key string, value []byte) (bool, error) {
			var e entry
			err := decode([]byte(key), value, &e)
			if !e.over() {
				left[strings.TrimPrefix(key, underPlay)] = e
			}
			return true, err
		})
	})
	return left, err
}

// finish writes the fact of an unlock's end, if anything happened, and what
// the journal keeps of it.
func (t tx) finish(card string, e entry, pin wire.PINState) error {
	if e.over() {
		return t.keep(card, e)
	}
	if err := t.done(e, pin); err != nil {
		return err
	}
	e.Told = pin == wire.PINUnknown
	return t.keep(card, e)
}

func (t tx) done(e entry, pin wire.PINState) error {
	_, err := t.add(wire.UnlockDone, wire.UnlockDoneBody{
		Case: e.Case, Generation: e.Generation, PIN: pin, PUK: e.puk(), Wrong: e.Wrong, PUKTries: leftOf(e), Half: e.Half,
	})
	return err
}

// keep stores what the next insertion of the card must know, and nothing when
// that is nothing.
func (t tx) keep(card string, e entry) error {
	switch {
	case e.Told:
		return t.put(underPlay+card, e)
	case e.NextSent, len(e.Wrong) > 0, e.Left != nil:
		return t.put(underPlay+card, entry{Generation: e.Generation, NextSent: e.NextSent, Wrong: e.Wrong, Left: e.Left})
	}
	return t.drop(underPlay + card)
}

// over says that there is nothing to tell central: it was told, or no command
// did anything to the card.
func (e entry) over() bool {
	return e.Told || e.Reset == notSent || e.Reset == didNot
}

// pin is what became of the passcode.
func (e entry) pin() wire.PINState {
	if e.Reset == did {
		return wire.PINReset
	}
	return wire.PINUnknown
}

// puk is what became of the PUK.
func (e entry) puk() wire.PUKState {
	switch {
	case e.Change == did:
		return wire.PUKNext
	case e.Change == sent:
		return wire.PUKUnknown
	case e.Reset == did:
		return e.With // the card took it
	case e.NextSent, e.Reset == sent && e.With == wire.PUKNext:
		return wire.PUKUnknown
	}
	return wire.PUKCurrent
}
