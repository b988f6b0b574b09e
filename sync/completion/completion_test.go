package completion

import (
	"slices"
	"testing"

	"unlockpoint/sync/wire"
)

func TestStepsSayWherePeopleStop(t *testing.T) {
	got := Of([]wire.StepRow{
		{Page: "unlock.fireworks", Next: "unlock.done", N: 1, Seconds: 3},
		{Page: "unlock.done", Next: "idle", N: 2, Seconds: 10},
		{Page: "idle", Next: "reading", N: 9, Seconds: 900},
		{Page: "unlock.warning", Next: "unlock.code", N: 4, Seconds: 20},
		{Page: "unlock.code", Next: "code.where", N: 1, Seconds: 10},
		{Page: "unlock.code", Next: "removed-early", N: 3, Seconds: 70},
	}, []string{"idle", "unlock.warning", "unlock.code", "unlock.done"})
	want := []Line{{"unlock.warning", 4, 5, 4, 0, 0}, {"unlock.code", 4, 20, 1, 3, 75}, {"unlock.done", 2, 5, 0, 2, 100}, {"unlock.fireworks", 1, 3, 1, 0, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if j := Journeys(got); !slices.Equal(j, []Journey{{"unlocks", 4, 2}}) {
		t.Errorf("%+v", j)
	}
}
