package desk

import (
	"fmt"

	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/store"
)

// Sweep writes down which attempts have expired since anybody looked, mails
// that to their holders and tells the sites. Central calls it every minute or
// so; nothing depends on when.
func (d *Desk) Sweep(tx store.Tx) error {
	t := turn{tx: tx, now: d.cfg.Now()}
	late := map[string]bool{}
	for row, err := range attemptsOpen().Each(tx, "") {
		if err != nil {
			return err
		}
		late[row.Value] = true
		if len(late) == sweepAtOnce {
			break
		}
	}
	for id := range late {
		c, ok, err := find(tx, id)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if _, err := d.settle(t, &c); err != nil {
			return fmt.Errorf("settling attempts: %w", err)
		}
	}
	return nil
}

// sweepAtOnce keeps a sweep far from the most writes of a transaction.
const sweepAtOnce = 50

// Freeze blocks self-service for a card and ends its cases. Only the booth
// lifts it.
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
	return d.keep(t, &c)
}
