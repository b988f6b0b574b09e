package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/wire"
)

// sensible refuses an act that would do nothing, and says whether it takes two
// operators: lifting a freeze, a second release within 30 days, a code for a
// card that cannot prove itself, and making a history nobody's.
func (d *Desk) sensible(t turn, c card, o order) (two bool, err error) {
	switch o.Kind {
	case wire.CardRelease:
		return d.mayRelease(t, c)
	case wire.CardAssist:
		return !c.kind().Asks && !(c.kind().Proves && d.policy().ProofRequired), d.mayAssist(c)
	case wire.CardRemove:
		if c.Registration == "" && !o.Body.Forget {
			return false, No("the card is not registered: there is nothing to remove")
		}
		return o.Body.Forget, nil
	case wire.CardFreeze:
		if c.Frozen {
			return false, No("the card is frozen already")
		}
		return false, nil
	case wire.CardUnfreeze:
		if !c.Frozen {
			return false, No("the card is not frozen")
		}
		return true, nil
	case wire.CardAddress:
		return false, d.mayAddress(t, c, o.Body.Address)
	}
	return false, No(fmt.Sprintf("%s is no act on a card", o.Kind))
}

func (d *Desk) carryOut(t turn, c card, o order) (wire.CardDone, error) {
	var none wire.CardDone
	switch o.Kind {
	case wire.CardRelease:
		return none, d.release(t, c, o.Body.Reason)
	case wire.CardAssist:
		return d.assist(t, c, o.Body.Reason)
	case wire.CardRemove:
		return none, d.remove(t, c, o.Body)
	case wire.CardFreeze:
		return none, d.freeze(t, c, o.Body.Reason)
	case wire.CardUnfreeze:
		return none, d.unfreeze(t, c, o.Body.Reason)
	}
	return none, d.readdress(t, c, o.Body)
}

func (d *Desk) mayRelease(t turn, c card) (two bool, err error) {
	rows, err := d.rows(t.tx, c)
	if err != nil {
		return false, err
	}
	switch {
	case c.Frozen:
		return false, No("the card is frozen, which a release does not lift: unfreeze it")
	case !d.lockedOut(c, rows, t.now):
		return false, No("the card is not locked out: there is nothing to release")
	case d.ledger().Locked(plain(rows), c.Epoch+1, t.now):
		return false, No(fmt.Sprintf("the card had %d failed attempts in 30 days, which a release does not forgive: give an assist code", d.policy().AttemptsIn30d))
	}
	return since(c.Released, t.now, month) > 0, nil
}

// release gives a card that is locked out its attempts back.
func (d *Desk) release(t turn, c card, reason string) error {
	c.Released = append(slices.DeleteFunc(c.Released, func(at time.Time) bool { return t.now.Sub(at) >= month }), t.now)
	if err := d.newEpoch(t, &c); err != nil {
		return err
	}
	return errors.Join(
		d.because(t, c.ID, audit.Released, "", reason),
		d.tell(t, c, mail.Released),
		d.keep(t, &c))
}

// remove takes the registration away, and with it what is under way. Who
// forgets takes the address off file too, and cuts the history off the person.
// The letter about that has no link: it would stay, with the card and the time.
func (d *Desk) remove(t turn, c card, b wire.CardActBody) error {
	if err := errors.Join(d.endCase(t, c.Case, cases.Removed), d.dropPending(t, c), assists().Delete(t.tx, c.ID)); err != nil {
		return err
	}
	if c.Registration != "" {
		if err := registry.Forget(t.tx, c.Registration); err != nil {
			return err
		}
	}
	c.Registration, c.Pending = "", ""
	if err := errors.Join(d.because(t, c.ID, audit.Removed, "", b.Reason), d.send(t, c, mail.Removed, b.Forget)); err != nil {
		return err
	}
	if b.Forget {
		if err := d.forgetHistory(t, &c); err != nil {
			return err
		}
	}
	return d.keep(t, &c)
}

// unfreeze opens self-service again. Links in letters from before do not
// freeze the card once more.
func (d *Desk) unfreeze(t turn, c card, reason string) error {
	c.Frozen, c.LinksFrom = false, t.now
	return errors.Join(
		d.because(t, c.ID, audit.Unfrozen, "", reason),
		d.tell(t, c, mail.Unfrozen),
		d.keep(t, &c))
}

func (d *Desk) mayAddress(t turn, c card, asked string) error {
	address, err := wire.ParseAddress(asked, d.policy().Domains)
	if err != nil {
		return No("--email is not an address in an accepted domain (" + strings.Join(d.policy().Domains, ", ") + ")")
	}
	before, err := d.address(c, t.now)
	if err == nil && before == address {
		err = No("this address is on file already")
	}
	return err
}

// readdress sets the address of a card that has none, at once; or changes it
// as the holder would, with a notice to both addresses and a wait.
func (d *Desk) readdress(t turn, c card, b wire.CardActBody) error {
	address, err := wire.ParseAddress(b.Address, d.policy().Domains)
	if err != nil {
		return err
	}
	before, err := d.address(c, t.now)
	if err != nil {
		return err
	}
	if before != "" {
		id, err := d.id()
		if err != nil {
			return err
		}
		return errors.Join(d.change(t, &c, id, before, address, b.Reason), d.keep(t, &c))
	}
	if c.Address, err = d.seal(c.ID+"/address", address); err != nil {
		return err
	}
	return errors.Join(
		d.because(t, c.ID, audit.AddressSet, "", b.Reason),
		d.tell(t, c, mail.AddressSet),
		d.keep(t, &c))
}
