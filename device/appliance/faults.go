package appliance

import (
	"context"
	"slices"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/journey"
	"unlockpoint/sync/wire"
)

// lookEvery is how soon central hears of a fault: sooner than anybody could
// ring up about it.
const lookEvery = 2 * time.Second

// tellFaults tells central of the terminal's faults when they have changed.
func (a *Appliance) tellFaults(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var told []wire.Fault
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		r, err := a.Health(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if r.Page == string(journey.Starting) {
			continue // the reader may still be found
		}
		if now := faultsOf(r, told); !slices.Equal(now, told) {
			told = now
			a.uplink.Faults(now)
		}
	}
}

// faultsOf are the faults of a reading that central does not know by itself,
// each since it was first among those told.
func faultsOf(r health.Reading, told []wire.Fault) (list []wire.Fault) {
	for _, f := range r.Faults() {
		if f.Code == health.LinkDown {
			continue
		}
		is := wire.Fault{Code: f.Code, Title: f.Title, Severity: wire.Severity(f.Severity.String()), Do: f.Advice, Since: r.At.UTC()}
		if i := slices.IndexFunc(told, func(was wire.Fault) bool { return was.Code == is.Code }); i >= 0 {
			is.Since = told[i].Since
		}
		list = append(list, is)
	}
	return list
}
