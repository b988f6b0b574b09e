package keypad

import (
	"testing"
	"time"
)

func TestNothingTellsWhichKeysWerePressed(t *testing.T) {
	now := time.Unix(1e9, 0)
	var j judge
	show := func(keys set) (pressed int) {
		for range stableScans {
			now = now.Add(scanEvery)
			pressed += j.see(keys, now).pressed.count()
		}
		return pressed
	}
	show(0)
	untouched := j
	for _, keys := range []set{at(1, 1), at(1, 1) | at(0, 2), at(0, 2)} {
		show(keys)
	}
	if show(0); j != untouched {
		t.Errorf("once all keys are up, it is %v", j)
	}
	if show(at(1, 1)) != 1 || j.since == untouched.since {
		t.Error("a key does not count")
	}
}
