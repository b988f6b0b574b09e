package uplink

import (
	"testing"
	"time"
)

// A terminal without a battery wakes in 1970 and has to judge certificates.
func TestTheClockIsNeverBehindTheFloorOrTheBuild(t *testing.T) {
	at := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct{ clock, floor, made, want int }{
		{1970, 2025, 2024, 2025},
		{1970, 2023, 2024, 2024},
		{2026, 2025, 2024, 2026},
	} {
		u := &Uplink{cfg: Config{Now: func() time.Time { return at(c.clock) }, Made: at(c.made)}, floor: at(c.floor)}
		if got := u.Now(); got.Year() != c.want {
			t.Errorf("%+v: %d", c, got.Year())
		}
	}
}
