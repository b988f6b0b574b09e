package store

import (
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

// Command is something that central told the terminal to do. It is kept from
// before it is done until its time is over, so that it is done once. End is
// wire.Pending until it is over.
type Command struct {
	Job   string       `json:"job"`
	Do    wire.Work    `json:"do"`
	Until time.Time    `json:"until"` // by central's clock
	End   wire.Outcome `json:"end"`
	Text  string       `json:"text,omitempty"`
}

// Begin notes a command before it is done. One that is known already is
// returned as it stands, and fresh is false. Those whose time was over by now
// are forgotten.
func (s *Store) Begin(c Command, now time.Time) (known Command, fresh bool, err error) {
	err = s.update("command", func(t tx) error {
		if err := t.forget(now); err != nil {
			return err
		}
		err := t.get(underCommand+c.Job, &known)
		if !errors.Is(err, errNone) {
			return err
		}
		known, fresh = c, true
		known.End = wire.Pending
		return t.put(underCommand+c.Job, known)
	})
	if err != nil {
		return known, false, fmt.Errorf("note a command: %w", err)
	}
	return known, fresh, nil
}

// End notes what became of a command.
func (s *Store) End(c Command) error {
	if err := s.update("command", func(t tx) error { return t.put(underCommand+c.Job, c) }); err != nil {
		return fmt.Errorf("note the end of a command: %w", err)
	}
	return nil
}

// Begun lists the commands that were begun and have no end: the terminal
// stopped in the middle of them.
func (s *Store) Begun() (list []Command, err error) {
	err = s.view(func(t tx) error {
		return t.commands(func(_ string, c Command) error {
			if c.End == wire.Pending {
				list = append(list, c)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list commands: %w", err)
	}
	return list, nil
}

// forget drops the commands that central would not send any more.
func (t tx) forget(now time.Time) error {
	return t.commands(func(key string, c Command) error {
		if c.Until.After(now) {
			return nil
		}
		return t.drop(key)
	})
}

func (t tx) commands(f func(key string, c Command) error) error {
	return t.each(underCommand, underCommand, func(key string, value []byte) (bool, error) {
		var c Command
		if err := decode([]byte(key), value, &c); err != nil {
			return false, err
		}
		return true, f(key, c)
	})
}
