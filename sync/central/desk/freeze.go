package desk

import (
	"errors"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/store"
)

// Freeze blocks self-service for a card and ends its cases. Only the booth
// lifts it. An unknown card is an error.
func (d *Desk) Freeze(tx store.Tx, id string) error {
	t := turn{tx: tx, now: d.cfg.Now()}
	c, err := d.card(t, id)
	if err != nil {
		return err
	}
	c.Frozen = true
	if err := d.endCase(t, c.Case, cases.Frozen); err != nil {
		return err
	}
	if err := d.dropPending(t, c); err != nil {
		return err
	}
	c.Pending = ""
	return errors.Join(d.note(t, c.ID, audit.Frozen, ""), d.keep(t, &c))
}
