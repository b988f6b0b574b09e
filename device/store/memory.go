package store

import (
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

// SetRules keeps what the last welcome said, for when the link is down.
func (s *Store) SetRules(p wire.Policy, site wire.Site) error {
	r := rules{Policy: p, Site: site}
	if err := s.update("rules", func(t tx) error { return t.put(keyRules, r) }); err != nil {
		return fmt.Errorf("keep the rules: %w", err)
	}
	s.cached.Lock()
	defer s.cached.Unlock()
	s.rules = r
	return nil
}

// Rules are those of the last welcome; the default policy and an empty site
// before the first.
func (s *Store) Rules() (wire.Policy, wire.Site) {
	s.cached.Lock()
	defer s.cached.Unlock()
	if s.rules.Policy.Version == 0 {
		return wire.DefaultPolicy(), s.rules.Site
	}
	return s.rules.Policy, s.rules.Site
}

// SetSession remembers the link session that central gave last.
func (s *Store) SetSession(id string) error {
	if err := s.update("session", func(t tx) error { return t.put(keySession, id) }); err != nil {
		return fmt.Errorf("remember the link session: %w", err)
	}
	return nil
}

// Session is the link session that central gave last, or empty.
func (s *Store) Session() (string, error) {
	var id string
	err := s.view(func(t tx) error { return t.get(keySession, &id) })
	if err != nil && !errors.Is(err, errNone) {
		return "", fmt.Errorf("read the last link session: %w", err)
	}
	return id, nil
}

// atMostAhead is how far a welcome may put the floor ahead of what the
// terminal takes for now, without an engineer (PROTOCOL, "Time").
const atMostAhead = 24 * time.Hour

// RaiseFloor takes the time in a signed welcome. now is the terminal's own
// clock. The floor never falls.
func (s *Store) RaiseFloor(signed, now time.Time) error {
	err := s.update("floor", func(t tx) error {
		floor, err := t.floor()
		if err != nil {
			return err
		}
		if latest := later(floor, now).Add(atMostAhead); signed.After(latest) {
			signed = latest
		}
		if !signed.After(floor) {
			return nil
		}
		return t.put(keyFloor, signed.UTC())
	})
	if err != nil {
		return fmt.Errorf("raise the clock's floor: %w", err)
	}
	return nil
}

// Floor is a time that has certainly gone by; zero before the first welcome.
func (s *Store) Floor() (time.Time, error) {
	var floor time.Time
	err := s.view(func(t tx) (err error) {
		floor, err = t.floor()
		return err
	})
	if err != nil {
		return floor, fmt.Errorf("read the clock's floor: %w", err)
	}
	return floor, nil
}

func (t tx) floor() (time.Time, error) {
	var floor time.Time
	if err := t.get(keyFloor, &floor); err != nil && !errors.Is(err, errNone) {
		return floor, err
	}
	return floor, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
