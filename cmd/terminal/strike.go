package main

import (
	"time"

	"unlockpoint/display"
)

// strike is the last key of a source, and when it was struck. Where hands
// tremble, the same key again within a while is not meant (EN 301 549, 5.8).
type strike struct {
	key display.Event
	at  time.Time
}

// again reports whether an event is the last key once more, too soon.
func (s *strike) again(e display.Event, now time.Time, within time.Duration) bool {
	if e.Touch != nil {
		return false
	}
	before := *s
	*s = strike{e, now}
	return e == before.key && now.Sub(before.at) < within
}
