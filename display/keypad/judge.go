package keypad

import "time"

// stableScans is how many scans in a row must see the same before it counts.
const stableScans = 4

// stuckAfter is how long a key may be down. Its press has counted by then, so
// nothing is taken from a slow hand; other keys count again beside it.
const stuckAfter = 10 * time.Second

// judge says which of the closed positions are presses. Its zero value has
// seen nothing; what is down at first is nobody's press, but stuck.
type judge struct {
	seen    set // by the last scan
	same    int // scans in a row that saw it
	begun   bool
	down    set                    // for stableScans
	since   [most * most]time.Time // when each that is down came down
	stuck   set                    // of down, ignored
	counted set                    // the last that counted, until all are up
	tangled bool                   // more came down at once: nothing counts until all are up
}

// verdict is what came of a scan; most of the time nothing.
type verdict struct {
	pressed set  // at most one position
	stuck   set  // down for too long, told once
	nobodys bool // stuck was down when all began
	freed   set  // came up after all
}

// see takes a scan in.
func (j *judge) see(keys set, now time.Time) verdict {
	if keys != j.seen {
		j.seen, j.same = keys, 0
	}
	j.same = min(j.same+1, stableScans)
	if !j.settled() {
		return verdict{}
	}
	var v verdict
	if !j.begun {
		j.begun, j.down = true, keys // since time zero, so it is overdue
		v.nobodys = true
	}
	if keys != j.down {
		v = j.change(keys, now)
	}
	v.stuck = j.overdue(now)
	j.stuck |= v.stuck
	if j.held() == 0 {
		j.counted, j.tangled = 0, false
	}
	return v
}

// change makes the set that was seen the one that counts.
func (j *judge) change(to set, now time.Time) verdict {
	v := verdict{freed: j.stuck &^ to}
	came := to &^ j.down
	for key := range came.each {
		j.since[key.index()] = now
	}
	for key := range (j.down &^ to).each {
		j.since[key.index()] = time.Time{} // else it tells in which order a passcode was typed
	}
	j.down = to
	j.stuck &= to
	held := j.held()
	switch {
	case came != 0 && !came.single():
		j.tangled = true
	case !j.tangled && held.single() && held != j.counted:
		j.counted = held
		v.pressed = held
	}
	return v
}

// overdue is what has been down for too long since it was last asked.
func (j *judge) overdue(now time.Time) set {
	var late set
	for key := range j.held().each {
		if now.Sub(j.since[key.index()]) >= stuckAfter {
			late |= key
		}
	}
	return late
}

// held is what fingers hold down.
func (j *judge) held() set { return j.down &^ j.stuck }

// settled reports whether scans agree.
func (j *judge) settled() bool { return j.same >= stableScans }

// unsettle asks for a few scans: something moved.
func (j *judge) unsettle() { j.same = 0 }

// interval is how long to wait before the next scan.
func (j *judge) interval() time.Duration {
	if j.settled() && j.held() == 0 {
		return lookEvery
	}
	return scanEvery
}
