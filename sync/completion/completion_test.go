package completion

import (
	"slices"
	"testing"

	"unlockpoint/sync/wire"
)

func TestStepsSayWherePeopleStop(t *testing.T) {
	got := Of([]wire.StepRow{
		{Page: "unlock.fireworks", Next: "unlock.done", N: 1, Seconds: 3},
		{Page: "unlock.done", Next: "idle", N: 1, Seconds: 6},
		{Page: "unlock.done", Next: "removed-early", N: 1, Seconds: 4},
		{Page: "idle", Next: "reading", N: 9, Seconds: 900},
		{Page: "unlock.warning", Next: "unlock.code", N: 4, Seconds: 20},
		{Page: "unlock.code", Next: "code.where", N: 1, Seconds: 10},
		{Page: "unlock.code", Next: "removed-early", N: 3, Seconds: 70},
	}, []string{"idle", "unlock.warning", "unlock.code", "unlock.done"})
	want := []Line{
		{Page: "unlock.warning", Shown: 4, Seconds: 5, WentOn: 4},
		{Page: "unlock.code", Shown: 4, Seconds: 20, WentOn: 1, Stopped: 3, Share: 75},
		{Page: "unlock.done", Shown: 2, Seconds: 5, Finished: 2},
		{Page: "unlock.fireworks", Shown: 1, Seconds: 3, WentOn: 1},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if j := Journeys(got); !slices.Equal(j, []Journey{{"unlocks", 4, 2}}) {
		t.Errorf("%+v", j)
	}
}
