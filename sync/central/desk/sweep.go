package desk

import (
	"fmt"

	"unlockpoint/sync/central/store"
)

// Sweep writes down which attempts have expired since anybody looked, mails
// that to their holders and tells the sites; and it forgets what nobody can
// need any more. It does as much as one transaction takes, and says whether
// there is more. Central calls it every minute or so; nothing depends on when.
func (d *Desk) Sweep(tx store.Tx) (more bool, err error) {
	t := turn{tx: tx, now: d.cfg.Now()}
	if more, err := d.sweepAttempts(t); more || err != nil {
		return more, err
	}
	return d.sweepOld(t)
}

// sweepAttempts settles each card that has an attempt that is due.
func (d *Desk) sweepAttempts(t turn) (more bool, err error) {
	for row, err := range attemptsOpen().Each(t.tx, "") {
		if err != nil {
			return false, err
		}
		a, ok, err := attemptOf(t.tx, row.Key)
		if err != nil {
			return false, err
		}
		if !ok || !d.due(a, t) {
			continue
		}
		if t.tx.Full() {
			return true, nil
		}
		c, ok, err := find(t.tx, a.Card)
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		if _, err := d.settle(t, &c); err != nil {
			return false, fmt.Errorf("settling attempts: %w", err)
		}
	}
	return false, nil
}
