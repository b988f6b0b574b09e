package store

import (
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

func TestANewStoreHasTheDefaultRules(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	p, site := s.Rules()
	if p.Version != wire.DefaultPolicy().Version || site != (wire.Site{}) {
		t.Errorf("rules %+v, %+v", p, site)
	}
}

func TestTheFloorRisesByADayAtMostAndNeverFalls(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		name               string
		signed, now, floor time.Time
	}{
		{"first welcome", noon, noon, noon},
		{"a welcome of yesterday", noon.AddDate(0, 0, -1), noon, noon},
		{"a welcome of next year", noon.AddDate(1, 0, 0), noon, noon.AddDate(0, 0, 1)},
		{"no clock: a day past the floor", noon.AddDate(0, 0, 9), time.Unix(0, 0), noon.AddDate(0, 0, 2)},
		{"a clock that is right", noon.AddDate(0, 0, 9), noon.AddDate(0, 0, 9), noon.AddDate(0, 0, 9)},
	} {
		if err := s.RaiseFloor(step.signed, step.now); err != nil {
			t.Fatal(err)
		}
		if floor, err := s.Floor(); !floor.Equal(step.floor) || err != nil {
			t.Errorf("%s: the floor is %v, want %v; %v", step.name, floor, step.floor, err)
		}
	}
}
