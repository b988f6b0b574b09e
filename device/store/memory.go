package store

import (
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

// SetSettings keeps what central wants the terminal to be set to, for when the
// link is down, and tells it so by a fact when the document is another one.
func (s *Store) SetSettings(want wire.Settings) error {
	told := false
	err := s.update("rules", func(t tx) error {
		var was wire.Settings
		if err := t.find(keyRules, &was); err != nil {
			return err
		}
		if err := t.put(keyRules, want); err != nil {
			return err
		}
		if told = want.Version != 0 && want.Version != was.Version; !told {
			return nil
		}
		_, err := t.add(wire.Taken, want)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	s.cached.Lock()
	s.settings = want
	s.cached.Unlock()
	if told {
		s.tell()
	}
	return nil
}

// Settings are those that central wanted last; the default policy and an empty
// site before the first.
func (s *Store) Settings() wire.Settings {
	s.cached.Lock()
	defer s.cached.Unlock()
	settings := s.settings
	if settings.Policy.Version == 0 {
		settings.Policy = wire.DefaultPolicy()
	}
	return settings
}

// Rules are the policy and the site of the settings.
func (s *Store) Rules() (wire.Policy, wire.Site) {
	settings := s.Settings()
	return settings.Policy, settings.Site
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
	if err := s.view(func(t tx) error { return t.find(keySession, &id) }); err != nil {
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

func (t tx) floor() (floor time.Time, err error) {
	err = t.find(keyFloor, &floor)
	return floor, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
