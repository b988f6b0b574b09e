package appliance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/sync/wire"
)

// aside is an effect that nobody waits for, with the card it is about.
type aside struct {
	effect journey.Effect
	card   string // keyed hash, or empty
	at     time.Time
}

// later queues an aside. Facts are worth waiting for: a full queue slows the
// loop rather than losing one.
func (a *Appliance) later(ctx context.Context, x aside) {
	x.at = a.now().UTC()
	select {
	case a.asides <- x:
		return
	default:
	}
	select {
	case a.asides <- x:
	case <-ctx.Done():
		a.cfg.Log.Error("a fact is lost: the terminal stops")
	}
}

// runAsides runs asides one after the other until there are no more to come.
// Facts that a full disk has no room for are written once it has.
func (a *Appliance) runAsides(context.Context) error {
	var owed []aside
	var room <-chan time.Time // when to look for it, with something owed
	for {
		var err error
		select {
		case <-room:
			owed, err = a.pay(owed)
		case x, more := <-a.asides:
			if !more {
				return a.payLast(owed)
			}
			a.trace(x.effect, false)
			if err = a.runAside(x); errors.Is(err, store.ErrFull) {
				owed, err = a.owe(owed, x), nil
			}
			a.trace(x.effect, true)
		}
		if err != nil {
			return err
		}
		if room = nil; len(owed) > 0 {
			room = time.After(lookEvery)
		}
	}
}

// mostOwed is how many facts may wait for room: more than one visit has, and
// nobody is served on a full disk.
const mostOwed = 256

// owe remembers a fact that there was no room for. That the disk is full is a
// fault, of which central hears.
func (a *Appliance) owe(owed []aside, x aside) []aside {
	if len(owed) == mostOwed {
		a.cfg.Log.Error("a fact is lost: the disk is full")
		return owed
	}
	return append(owed, x)
}

// pay writes what is owed, as far as there is room. What is left is owed still.
func (a *Appliance) pay(owed []aside) ([]aside, error) {
	for len(owed) > 0 {
		err := a.runAside(owed[0])
		if errors.Is(err, store.ErrFull) {
			return owed, nil
		}
		if err != nil {
			return owed, err
		}
		owed = owed[1:]
	}
	return owed, nil
}

// payLast is for the end: what is owed after it is lost.
func (a *Appliance) payLast(owed []aside) error {
	left, err := a.pay(owed)
	if len(left) > 0 {
		a.cfg.Log.Error("facts are lost: the terminal stops", "facts", len(left), "err", err)
	}
	return err
}

func (a *Appliance) runAside(x aside) error {
	switch e := x.effect.(type) {
	case journey.Report:
		return a.fact(wire.Audit, wire.AuditBody{What: e.What, Card: x.card, At: x.at})
	case journey.Step:
		return a.fact(wire.Step, wire.StepBody{Page: string(e.Page), Seconds: e.Seconds, Next: string(e.Next)})
	case journey.Remember:
		a.remember(x.card, e.Preferences)
	case journey.Reconnect:
		a.uplink.Hurry()
	case journey.Beep:
		if a.cfg.Beeper != nil {
			a.cfg.Beeper.Beep()
		}
	}
	return nil
}

func (a *Appliance) fact(kind wire.Kind, body any) error {
	if _, err := a.store.AddFact(kind, body); err != nil {
		return fmt.Errorf("write a fact: %w", err)
	}
	return nil
}
