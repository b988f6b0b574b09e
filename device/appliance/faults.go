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

// tellFaults tells central of the terminal's faults when they have changed, and
// the loop whether people can be served.
func (a *Appliance) tellFaults(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var told []wire.Fault
	var out journey.FaultID
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
		a.setClock(r.Clock.Ahead)
		if why := unfit(r.Faults()); why != out {
			out = why
			select {
			case a.unfit <- why:
			case <-ctx.Done():
				return nil
			}
		}
		if r.Page == string(journey.Starting) || r.Page == string(journey.Idle) && r.Reader.Name == "" {
			continue // the reader may still be found
		}
		if now := faultsOf(r, told); !slices.Equal(now, told) {
			told = now
			a.uplink.Faults(now)
		}
	}
}

// unfit is why people cannot be served, if so: the reader has pages of its own,
// and without the link much can be done.
func unfit(faults []health.Fault) journey.FaultID {
	for _, f := range faults {
		switch f.Code {
		case health.StoreFull:
			return journey.StoreFull
		case health.PanelFailing, health.HandsNone:
			return journey.OtherFault
		}
	}
	return ""
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
