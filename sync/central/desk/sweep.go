package desk

import (
	"fmt"

	"unlockpoint/sync/central/store"
)

// Sweep writes down which attempts have expired since anybody looked, mails
// that to their holders and tells the sites; and it forgets what nobody can
// need any more. Central calls it every minute or so; nothing depends on when.
func (d *Desk) Sweep(tx store.Tx) error {
	t := turn{tx: tx, now: d.cfg.Now()}
	if err := d.sweepAttempts(t); err != nil {
		return err
	}
	return d.sweepOld(t)
}

func (d *Desk) sweepAttempts(t turn) error {
	late := map[string]bool{}
	for row, err := range attemptsOpen().Each(t.tx, "") {
		if err != nil {
			return err
		}
		late[row.Value] = true
		if len(late) == sweepAtOnce {
			break
		}
	}
	for id := range late {
		c, ok, err := find(t.tx, id)
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
const sweepAtOnce = 25
