package desk

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/wire"
)

// forgetHistory cuts a card's history off: it destroys the key of the
// pseudonym, and takes away whatever names the card together with a time, which
// would find the pseudonym again among the entries of the log. The card is as
// it was imported, but for its key, its epoch, and whether it is frozen.
//
// What stays for a while: letters that are still to go out, until they have;
// and a case with a grant that nobody has accounted for, without its times,
// since what its terminal tells of the card's key counts whenever it comes. The
// store's files hold what was deleted until they are merged, as backups do.
func (d *Desk) forgetHistory(t turn, c *card) error {
	for _, step := range []func(turn, card) error{
		d.forgetPosted, d.forgetAttempts, d.forgetCases, d.forgetLinks, d.forgetOrders, d.forgetAsked,
		func(t turn, c card) error { return mail.Forget(t.tx, c.ID) },
	} {
		if err := step(t, *c); err != nil {
			return fmt.Errorf("forgetting a person: %w", err)
		}
	}
	c.Address, c.Newer, c.NewerFrom = nil, nil, time.Time{}
	c.Wrong, c.Case, c.Released, c.UnlockCases, c.RegisterCases = 0, "", nil, nil, nil
	c.LastUnlock, c.LinksFrom = time.Time{}, time.Time{}
	return d.log.Cut(t.tx, c.ID)
}

// forgetPosted forgets when code mails went to the card's addresses.
func (d *Desk) forgetPosted(t turn, c card) error {
	for place, sealed := range map[string][]byte{"/address": c.Address, "/newer": c.Newer} {
		if len(sealed) == 0 {
			continue
		}
		address, err := d.open(c.ID+place, sealed)
		if err != nil {
			return err
		}
		for row, err := range posted().Each(t.tx, d.pseudonym(address)+"/") {
			if err != nil {
				return err
			}
			age := hour(row.Value.Add(postedFor)) + "/" + row.Key
			if err := errors.Join(posted().Delete(t.tx, row.Key), ages().Delete(t.tx, age)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) forgetAttempts(t turn, c card) error {
	rows, err := d.rows(t.tx, c)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if err := forget(t, a); err != nil {
			return err
		}
	}
	return nil
}

// forgetCases forgets the card's cases but those of [Desk.forgetCase].
func (d *Desk) forgetCases(t turn, c card) error {
	for row, err := range caseTable().Each(t.tx, "") {
		k := row.Value
		switch {
		case err != nil:
			return err
		case k.Card != c.ID:
			continue
		case len(k.Grants) == 0 || k.End == cases.Done:
			err = caseTable().Delete(t.tx, k.ID)
		default:
			err = d.strip(t, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// strip leaves of a case what its grants need, to be looked at some month.
func (d *Desk) strip(t turn, k cases.Case) error {
	for row, err := range ages().Each(t.tx, "") {
		if err == nil && row.Value.Case == k.ID {
			err = ages().Delete(t.tx, row.Key)
		}
		if err != nil {
			return err
		}
	}
	bare := cases.Case{ID: k.ID, Purpose: k.Purpose, Card: k.Card, Epoch: k.Epoch, Grants: k.Grants, End: cases.Removed}
	return errors.Join(
		caseTable().Put(t.tx, k.ID, bare),
		t.later(t.now.Add(keepCase+month).Truncate(month), old{Case: k.ID}))
}

func (d *Desk) forgetLinks(t turn, c card) error {
	for row, err := range links().Each(t.tx, "") {
		if err == nil && row.Value.Card == c.ID {
			err = links().Delete(t.tx, row.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetOrders forgets what else waits for a second operator.
func (d *Desk) forgetOrders(t turn, c card) error {
	for row, err := range orders().Each(t.tx, "") {
		if err != nil {
			return err
		}
		o, _, err := d.openOrder(t, row.Key, row.Value)
		if err == nil && o.Body.Card == c.ID {
			err = orders().Delete(t.tx, row.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetAsked forgets which terminals asked about the card lately, and that a
// code of the IT booth was to be looked at.
func (d *Desk) forgetAsked(t turn, c card) error {
	for row, err := range budgets().Each(t.tx, "") {
		if err != nil {
			return err
		}
		for hash := range row.Value.Cards {
			if d.isHash(c.ID, hash) {
				delete(row.Value.Cards, hash)
				err = budgets().Put(t.tx, row.Key, row.Value)
			}
		}
		if err != nil {
			return err
		}
	}
	for row, err := range ages().After(t.tx, "", "", 0) {
		if err != nil || row.Key >= hour(t.now.Add(day+time.Hour)) {
			return err // a code of the booth and the time after it are over in a day
		}
		if strings.HasSuffix(row.Key, "/"+c.ID) {
			if err := ages().Delete(t.tx, row.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// isHash reports whether a hash is the card's at any site.
func (d *Desk) isHash(card, hash string) bool {
	for site := range d.rules.Load().sites {
		if wire.CardHash(d.cfg.Keys.RegistryKey(site), card) == hash {
			return true
		}
	}
	return false
}
