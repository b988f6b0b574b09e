package keypad

import "time"

// How long to wait before a pad that failed is set up anew: at first no
// longer than a glitch on the bus takes, then longer each time, up to what a
// person who plugs it in again puts up with.
const (
	firstWait   = 10 * time.Millisecond
	longestWait = 5 * time.Second
)

// healthy is how long all must go well before trouble is over, so that a pad
// with a loose wire fills no log.
const healthy = 10 * time.Second

// trouble counts errors in a row.
type trouble struct {
	met   bool          // there were errors, and all has not been well for long
	dirty bool          // set up before the next scan
	wait  time.Duration // before the next try
	last  time.Time     // when the last error was
}

// meet takes an error in, and says how long to wait and whether it is the
// first one.
func (t *trouble) meet(now time.Time) (wait time.Duration, first bool) {
	first = !t.met
	t.wait = min(max(2*t.wait, firstWait), longestWait)
	t.met, t.dirty, t.last = true, true, now
	return t.wait, first
}

// pending reports, once, that setting up is due.
func (t *trouble) pending() bool {
	defer func() { t.dirty = false }()
	return t.dirty
}

// over reports, once, that all has gone well for long enough.
func (t *trouble) over(now time.Time) bool {
	if !t.met || now.Sub(t.last) < healthy {
		return false
	}
	*t = trouble{}
	return true
}
