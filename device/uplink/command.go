package uplink

import (
	"errors"
	"time"

	"unlockpoint/sync/wire"
)

// orders is how many commands may wait. What does not fit, central sends
// again in the next session.
const orders = 16

// Command is something that central wants done until a time. It may come more
// than once.
type Command struct {
	wire.CommandBody
	Until time.Time // by central's clock
	Now   time.Time // central's, when the command came
}

// Commands are what central wants done.
func (u *Uplink) Commands() <-chan Command { return u.orders }

// command takes a command. Without a session nobody knows what time central
// has; it sends the command once there is one.
func (t *talk) command(raw []byte) error {
	e, err := t.u.voice().central.Open(raw, t.u.voice().me.ID)
	if err != nil {
		return err
	}
	s := t.session
	switch {
	case e.Kind != wire.Command:
		return errors.New("a note of another kind than its topic's")
	case s == nil:
		return errors.New("a command without a session")
	}
	now := s.now()
	if !e.Exp.After(now) {
		return errors.New("a command that is over")
	}
	plain, err := t.u.seal.Unseal(t.u.voice().me.Realm, e, *e.Sealed)
	if err != nil {
		return err
	}
	c := Command{Until: e.Exp, Now: now}
	if err := wire.Decode(plain, &c.CommandBody); err != nil {
		return err
	}
	if !wire.ValidID(c.Job) {
		return errors.New("a command for no job")
	}
	select {
	case t.u.orders <- c:
		return nil
	default:
		return errors.New("too many commands at a time")
	}
}
