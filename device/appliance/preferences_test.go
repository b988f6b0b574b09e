package appliance

import (
	"log/slog"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// likedBy lets the machine ask that preferences of the card on the visit be
// remembered, as the loop does.
func likedBy(t *testing.T, v *visit, p journey.Preferences) {
	t.Helper()
	v.a.asides, v.a.cfg.Log = make(chan aside, 1), slog.New(slog.DiscardHandler)
	s := &serving{a: v.a, ctx: t.Context(), card: v.hash}
	s.start(journey.Remember{Preferences: p})
	if s.visit != nil {
		t.Error("remembering something made a visit of a card")
	}
	if err := v.a.runAside(<-v.a.asides); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAPersonLikesIsThereWhenTheCardComesBack(t *testing.T) {
	v, r, ids := several(t, "piv", "openpgp")
	p := journey.Preferences{Look: display.Look{TextScale: 170, Colours: display.Dark, Language: "cy", Low: true}, Unhurried: true}
	likedBy(t, v, p)
	if got := v.readCard(t.Context()); got.Problem != journey.NoProblem || got.Preferences != p {
		t.Errorf("the card is read as %+v", got)
	}
	r.known = ids[1:]
	if got := v.lookUp(t.Context()); got.Card.Profile != "openpgp" || got.Card.Preferences != (journey.Preferences{}) {
		t.Errorf("another application of the card brings %+v", got.Card)
	}
	other, _, _ := several(t, "piv")
	other.a.store = v.a.store
	if got := other.readCard(t.Context()); got.Problem != journey.NoProblem || got.Preferences != (journey.Preferences{}) {
		t.Errorf("another card brings %+v", got)
	}
}

func TestWhatNobodyUsedFor400DaysIsForgotten(t *testing.T) {
	for days, want := range map[int]journey.Preferences{
		400: {Unhurried: true},
		401: {},
	} {
		v, _, _ := several(t, "piv")
		now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
		v.a.cfg.Now = func() time.Time { return now }
		likedBy(t, v, journey.Preferences{Unhurried: true})
		now = now.AddDate(0, 0, days)
		if got := v.a.recall(v.hash); got != want {
			t.Errorf("after %d days it is %+v", days, got)
		}
	}
}

// A terminal that cannot remember what somebody likes serves all the same.
func TestPreferencesThatAreLostStopNobody(t *testing.T) {
	v, _, _ := several(t, "piv")
	v.hash = "no hash"
	likedBy(t, v, journey.Preferences{Unhurried: true})
	if got := v.a.recall(v.hash); got != (journey.Preferences{}) {
		t.Errorf("it is %+v", got)
	}
}
