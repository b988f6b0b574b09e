package main

import (
	"context"
	"time"

	"unlockpoint/display"
)

// strike is the last key of a source, for as long as the same key is not meant
// again: where hands tremble (EN 301 549, 5.8). Then it is forgotten, for it
// may be of a passcode.
type strike struct {
	within time.Duration // 0: every key counts
	key    display.Event
	at     time.Time
	over   <-chan time.Time
}

// pass hands on what a source tells until ctx ends.
func (s *strike) pass(ctx context.Context, from <-chan display.Event, to chan<- display.Event) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.over:
			*s = strike{within: s.within}
		case e := <-from:
			if s.again(e, time.Now()) {
				continue
			}
			select {
			case <-ctx.Done():
				return nil
			case to <- e:
			}
		}
	}
}

// again reports whether an event is the last key once more, too soon.
func (s *strike) again(e display.Event, now time.Time) bool {
	if e.Touch != nil || s.within == 0 {
		return false
	}
	before := *s
	*s = strike{s.within, e, now, time.After(s.within)}
	return e == before.key && now.Sub(before.at) < s.within
}
