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

func TestTheLastKeyIsForgotten(t *testing.T) {
	one := display.Event{Key: "1"}
	for _, c := range []struct {
		within, wait time.Duration
		kept         bool
	}{
		{0, 0, false},
		{500 * time.Millisecond, 499 * time.Millisecond, true},
		{500 * time.Millisecond, 500 * time.Millisecond, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &strike{within: c.within}
			from, to := make(chan display.Event), make(chan display.Event, 1)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- s.pass(ctx, from, to) }()
			from <- one
			time.Sleep(c.wait)
			synctest.Wait()
			stop()
			if err := <-done; err != nil || (s.key == one) != c.kept {
				t.Errorf("within %v, after %v: the key is kept: %v, %v", c.within, c.wait, s.key == one, err)
			}
		})
	}
}
