package login

import (
	"context"
	"fmt"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// note writes an entry into the audit log.
func (d *Desk) note(tx store.Tx, what, by, note string) error {
	return d.Log.Add(tx, wire.AuditEntry{At: d.Now(), What: what, By: by, Note: note})
}

// noteWrong writes down a wrong try, as it was debited, and the pause after
// the last one. Further ones in the pause are turned away and leave no entry.
func (d *Desk) noteWrong(tx store.Tx, operator string, debited account) error {
	err := d.note(tx, audit.LoginWrong, audit.Pages, operator)
	if err == nil && d.Now().Before(debited.Until) {
		err = d.note(tx, audit.LoginPaused, audit.Central, fmt.Sprintf("%s, for %s", operator, pause))
	}
	return err
}

// Sweep writes down how many tries there were since the last call with a name
// that has no account. The names are not: people type passwords there. One
// entry for many keeps who guesses from filling the log.
func (d *Desk) Sweep(ctx context.Context) error {
	n := d.strangers.Swap(0)
	if n == 0 {
		return nil
	}
	return d.Store.Update(ctx, func(tx store.Tx) error {
		return d.note(tx, audit.LoginWrong, audit.Pages, fmt.Sprintf("%d times with a name that has no log-in", n))
	})
}
