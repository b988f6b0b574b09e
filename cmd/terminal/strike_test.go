package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
)

func TestASecondStrikeOfAKeyCountsAfterAWhile(t *testing.T) {
	one, two := display.Event{Key: "1"}, display.Event{Key: "2"}
	touch := display.Event{Touch: &display.Touch{}}
	for _, c := range []struct {
		name   string
		within time.Duration
		wait   time.Duration
		struck []display.Event
		counts int
	}{
		{"as usual", 0, time.Millisecond, []display.Event{one, one}, 2},
		{"too soon", 500 * time.Millisecond, 499 * time.Millisecond, []display.Event{one, one, one}, 1},
		{"late enough", 500 * time.Millisecond, 500 * time.Millisecond, []display.Event{one, one}, 2},
		{"another key", 500 * time.Millisecond, time.Millisecond, []display.Event{one, two, one}, 3},
		{"fingers", 500 * time.Millisecond, time.Millisecond, []display.Event{touch, touch}, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &face{events: make(chan display.Event, 9), double: c.within}
			from := make(chan display.Event)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- f.pass(ctx, from) }()
			for _, e := range c.struck {
				from <- e
				time.Sleep(c.wait)
			}
			stop()
			if err := <-done; err != nil || len(f.events) != c.counts {
				t.Errorf("%s: %d of %d count: %v", c.name, len(f.events), len(c.struck), err)
			}
		})
	}
}
