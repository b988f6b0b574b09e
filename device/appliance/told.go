package appliance

import (
	"context"
	"time"

	"unlockpoint/sync/wire"
)

// Report writes a fact for central: what, by the words of package wire, was done
// at this terminal just now. It names no person.
func (a *Appliance) Report(what string) error {
	return a.fact(wire.Audit, wire.AuditBody{What: what, At: a.cfg.Now().UTC()})
}

// lookAtAcks is how often Told looks.
const lookAtAcks = 50 * time.Millisecond

// Told waits until central has every fact that is written by now, and says
// whether it has. Without a session with central, and once ctx has ended, it
// waits no longer.
func (a *Appliance) Told(ctx context.Context) bool {
	written, err := a.store.Outbox()
	for err == nil && a.uplink.Status().Up && ctx.Err() == nil {
		now, err := a.store.Outbox()
		if err != nil {
			return false
		}
		if now.Acked >= written.Seq {
			return true
		}
		select {
		case <-time.After(lookAtAcks):
		case <-ctx.Done():
		}
	}
	return false
}
