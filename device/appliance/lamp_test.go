package appliance

import (
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/display/signal"
)

// The lamp calls people to a terminal that serves, and to no other.
func TestTheLampCallsPeopleWhenTheyMayCome(t *testing.T) {
	for _, page := range journey.Pages() {
		want := signal.Working
		switch page {
		case journey.Idle:
			want = signal.Ready
		case journey.OutOfService, journey.ReaderMissing, journey.ReaderUnapproved:
			want = signal.Fault
		}
		if got := lampOf(page); got != want {
			t.Errorf("on %s it shows %v, want %v", page, got, want)
		}
	}
}
