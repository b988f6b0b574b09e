package pcsc

import (
	"context"
	"time"

	"unlockpoint/reader"
)

const (
	// silence is when a service counts as hung: a follower that can work says
	// something every waitLimit and a little more.
	silence = 3 * waitLimit
	// leaveLimit is how long the end of a watch waits for its follower.
	leaveLimit = 2 * time.Second
)

// watcher is the goroutine behind Slot.Watch. It never calls the service,
// which may hang: its follower does.
type watcher struct {
	slot *Slot
	out  chan reader.Presence
	told *reader.Presence // the last presence sent
}

func (w *watcher) run(ctx context.Context) {
	defer close(w.out)
	f := &follower{slot: w.slot, seen: make(chan reader.Presence), done: make(chan struct{})}
	go f.run(ctx)
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		select {
		case p := <-f.seen:
			quiet.Reset(silence)
			w.tell(p)
		case <-quiet.C:
			w.tell(reader.Presence{})
		case <-ctx.Done():
			within(leaveLimit, f.done)
			return
		}
	}
}

// within waits for the end of something, not longer than the limit, and says
// whether it came.
func within(limit time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// tell sends a presence that differs from the last, instead of one that nobody
// has taken yet.
func (w *watcher) tell(p reader.Presence) {
	if w.told != nil && *w.told == p {
		return
	}
	w.told = &p
	select {
	case <-w.out:
	default:
	}
	w.out <- p // has room: only this goroutine sends
}
