package desk

import (
	"errors"
	"fmt"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// disbelieved counts the facts of each terminal that meant nothing.
func disbelieved() store.Table[int] { return store.Table[int]{Name: "disbelieved"} }

// Fact takes in one fact. The session has seen to it that each comes once and
// in order. One that is malformed, or about a grant that its terminal was
// never given, changes nothing and is counted: sending it again would not help.
func (d *Desk) Fact(tx store.Tx, who Terminal, kind wire.Kind, body []byte) error {
	t := turn{tx: tx, who: who, now: d.cfg.Now()}
	var err error
	switch kind {
	case wire.UnlockDone:
		err = fact(body, func(b wire.UnlockDoneBody) error { return d.unlockDone(t, b) })
	case wire.Audit:
		err = fact(body, func(b wire.AuditBody) error { return d.report(t, b) })
	case wire.Step:
		err = fact(body, func(b wire.StepBody) error { return fleet.Stepped(t.tx, who.Site, t.now, b) })
	case wire.Health:
		err = fact(body, func(wire.HealthBody) error { return nil })
	default:
		err = refused(wire.BadRequest)
	}
	if _, useless := errors.AsType[refused](err); useless {
		n, _, err := disbelieved().Find(tx, who.ID)
		return errors.Join(err, disbelieved().Put(tx, who.ID, n+1))
	}
	if err != nil {
		return fmt.Errorf("taking %s: %w", kind, err)
	}
	return nil
}

func fact[B any](body []byte, fn func(B) error) error {
	var b B
	if err := wire.Decode(body, &b); err != nil {
		return refused(wire.BadRequest)
	}
	return fn(b)
}

// unlockDone takes in what became of a grant. It counts whenever it comes:
// the terminal may have been without a link for days.
func (d *Desk) unlockDone(t turn, b wire.UnlockDoneBody) error {
	k, ok, err := caseTable().Find(t.tx, b.Case)
	if err != nil {
		return err
	}
	if !ok || !k.Granted(t.who.ID, b.Generation) {
		return refused(wire.NoCase)
	}
	c, ok, err := find(t.tx, k.Card)
	if err != nil || !ok {
		return err
	}
	if err := d.half(t, c, k, b); err != nil {
		return err
	}
	c.PUK = c.PUK.Done(b)
	if b.PIN == wire.PINReset && k.End != cases.Done {
		if err := d.completed(t, &c, k); err != nil {
			return err
		}
	}
	return d.keep(t, &c)
}

// half disbelieves a fact with a half that is not the card's: something else
// was in the reader. A terminal that lost its power has no half to tell.
func (d *Desk) half(t turn, c card, k cases.Case, b wire.UnlockDoneBody) error {
	if len(b.Half) == 0 {
		return nil
	}
	for _, g := range k.Grants {
		if g.Terminal != t.who.ID || g.Asked == nil {
			continue
		}
		if ok, err := c.PUK.Proved(cardRing{d.cfg.Keys}, c.ID, *g.Asked, b.Half); err != nil || ok {
			return err
		}
	}
	return refused(wire.NoProof)
}

// completed ends the case and begins a new epoch. An unlock of an epoch that
// is over already does not begin another.
func (d *Desk) completed(t turn, c *card, k cases.Case) error {
	k.End = cases.Done
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return err
	}
	c.LastUnlock = t.now
	if c.Epoch == k.Epoch {
		if err := d.newEpoch(t, c); err != nil {
			return err
		}
	}
	if err := d.note(t, c.ID, audit.Unlocked, ""); err != nil {
		return err
	}
	address, err := d.address(*c, t.now)
	if err != nil || address == "" {
		return err
	}
	return d.write(t, mail.Letter{Key: "unlocked/" + k.ID, Kind: mail.Unlocked, Card: c.ID, Case: k.ID, At: t.now}, address, about{})
}

// newEpoch gives attempts and code tries back, forgets rows that count for
// nothing any more, and chooses which questions to ask next time.
func (d *Desk) newEpoch(t turn, c *card) error {
	c.Epoch++
	c.Wrong = 0
	rows, err := d.rows(t.tx, *c)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if !ledger.Needed(a.Row, c.Epoch, t.now) {
			if err := forget(t, a); err != nil {
				return err
			}
		}
	}
	r, ok, err := registry.Get(t.tx, c.Registration)
	if err != nil || !ok {
		return err
	}
	if r, err = r.Choose(d.policy().Ask, d.cfg.Rand); err != nil {
		return err
	}
	return registry.Put(t.tx, r)
}

func forget(t turn, a attempt) error {
	return errors.Join(
		attempts().Delete(t.tx, a.key()),
		attemptKeys().Delete(t.tx, a.Attempt),
		attemptsOpen().Delete(t.tx, a.Attempt))
}
