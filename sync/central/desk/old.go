package desk

import (
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
)

// keepCase is how long a case is kept from its beginning: as long as terminals
// keep the facts that they may send about it again.
const keepCase = 35 * day

// old is something that is of no use after a while. One field is set.
type old struct {
	Case         string `json:"case,omitempty"`
	Registration string `json:"registration,omitempty"` // if it is still pending then
	Post         string `json:"post,omitempty"`         // a row of posted
	Link         string `json:"link,omitempty"`         // a row of links
	Assist       string `json:"assist,omitempty"`       // a row of assists
	Order        string `json:"order,omitempty"`        // a row of orders
	Budget       string `json:"budget,omitempty"`       // a row of budgets
}

// ages lists what to forget and when, oldest first: its keys begin with the
// hour.
func ages() store.Table[old] { return store.Table[old]{Name: "desk-age"} }

func hour(t time.Time) string { return t.UTC().Format("2006-01-02T15") }

// later has a thing looked at by a sweep in the hour after the given time.
func (t turn) later(at time.Time, o old) error {
	return ages().Put(t.tx, hour(at)+"/"+o.Case+o.Registration+o.Post+o.Link+o.Assist+o.Order+o.Budget, o)
}

// sweepOld forgets what is due.
func (d *Desk) sweepOld(t turn) (more bool, err error) {
	end := hour(t.now)
	for row, err := range ages().Each(t.tx, "") {
		if err != nil {
			return false, fmt.Errorf("sweeping what is old: %w", err)
		}
		if row.Key >= end {
			return false, nil
		}
		if t.tx.Full() {
			return true, nil
		}
		if err := errors.Join(ages().Delete(t.tx, row.Key), d.forgetOld(t, row.Value)); err != nil {
			return false, fmt.Errorf("forgetting what is old: %w", err)
		}
	}
	return false, nil
}

func (d *Desk) forgetOld(t turn, o old) error {
	switch {
	case o.Case != "":
		return d.forgetCase(t, o)
	case o.Registration != "":
		return d.forgetPending(t, o)
	case o.Link != "":
		return links().Delete(t.tx, o.Link)
	case o.Assist != "":
		return d.forgetAssist(t, o)
	case o.Order != "":
		return orders().Delete(t.tx, o.Order)
	case o.Budget != "":
		return d.forgetSpent(t, o)
	}
	return posted().Delete(t.tx, o.Post)
}

// forgetCase keeps a case whose grant nobody has accounted for: that fact
// counts however late it comes.
func (d *Desk) forgetCase(t turn, o old) error {
	k, ok, err := caseTable().Find(t.tx, o.Case)
	if err != nil || !ok {
		return err
	}
	if d.cases().Open(k, t.now) || len(k.Grants) > 0 && k.End != cases.Done {
		return t.later(t.now.Add(keepCase), o)
	}
	return caseTable().Delete(t.tx, k.ID)
}

// forgetPending forgets a registration that died under way.
func (d *Desk) forgetPending(t turn, o old) error {
	r, ok, err := registry.Get(t.tx, o.Registration)
	if err != nil || !ok || r.Live {
		return err
	}
	if dies := d.dies(r); t.now.Before(dies) {
		return t.later(dies, o)
	}
	c, ok, err := find(t.tx, r.Card)
	if err != nil {
		return err
	}
	if ok && c.Pending == r.ID {
		c.Pending = ""
		if err := d.keep(t, &c); err != nil {
			return err
		}
	}
	return registry.Forget(t.tx, r.ID)
}

// dies is when a registration that is still pending is over.
func (d *Desk) dies(r registry.Registration) time.Time {
	return r.Begun.Add(seconds(d.policy().RegisterLife))
}
