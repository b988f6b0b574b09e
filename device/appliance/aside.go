package appliance

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/sync/wire"
)

// aside is an effect that nobody waits for, with the card it is about.
type aside struct {
	effect journey.Effect
	card   string // keyed hash, or empty
}

// later queues an aside. Facts are worth waiting for: a full queue slows the
// loop rather than losing one.
func (a *Appliance) later(ctx context.Context, x aside) {
	select {
	case a.asides <- x:
	case <-ctx.Done():
	}
}

// runAsides runs asides one after the other.
func (a *Appliance) runAsides(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case x := <-a.asides:
			a.trace(x.effect, false)
			err := a.runAside(x)
			if errors.Is(err, store.ErrFull) {
				a.cfg.Log.Error("a fact is lost", "err", err) // that the disk is full is a fault, of which central hears
			} else if err != nil {
				return err
			}
			a.trace(x.effect, true)
		}
	}
}

func (a *Appliance) runAside(x aside) error {
	switch e := x.effect.(type) {
	case journey.Report:
		return a.fact(wire.Audit, wire.AuditBody{What: e.What, Card: x.card, At: a.now().UTC()})
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
