package link

import (
	"context"
	"math/rand/v2"
	"time"
)

// Wait says how long to wait before a try to connect. After a broker's
// restart a whole fleet comes back at once: its first tries are spread over
// First, the later ones over ever longer times.
type Wait struct {
	First time.Duration // the first try is uniform in [0, First]
	Step  time.Duration // the second try is uniform in [0, Step], then doubled each time; 1 s if 0
	Most  time.Duration // and never later than this; 300 s if 0
}

// proven is how long a connection must hold before the next outage counts as
// a new one. Two holders of one identity throw each other out at once.
const proven = time.Minute

// limit is the longest wait before try n, counted from 0.
func (w Wait) limit(n int) time.Duration {
	if n == 0 {
		return w.First
	}
	step, most := w.Step, w.Most
	if step == 0 {
		step = time.Second
	}
	if most == 0 {
		most = 300 * time.Second
	}
	for range n - 1 {
		if step >= most {
			break
		}
		step *= 2
	}
	return min(step, most)
}

// sleep waits before try n, with full jitter, and says whether the wait was
// cut short by hurry. Another address to try, of which moved tells, ends it too.
func (w Wait) sleep(ctx context.Context, n int, hurry, moved <-chan struct{}) (hurried bool) {
	limit := w.limit(n)
	if limit <= 0 {
		return false
	}
	timer := time.NewTimer(rand.N(limit + 1))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-moved:
	case <-hurry:
		return true
	}
	return false
}
