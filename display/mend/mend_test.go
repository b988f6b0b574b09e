package mend_test

import (
	"errors"
	"testing"
	"time"

	"unlockpoint/display/mend"
)

var (
	plan     = mend.Plan{First: 100 * time.Millisecond, Longest: time.Second, Healthy: 10 * time.Second}
	noon     = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	errCable = errors.New("remote I/O error")
)

func TestThePartIsLeftAloneForLongerEachTime(t *testing.T) {
	p := mend.New(plan)
	for n, want := range []time.Duration{100, 200, 400, 800, 1000, 1000} {
		wait, news := p.Fails(errCable, noon)
		if wait != want*time.Millisecond || news != (n == 0) {
			t.Errorf("error %d: wait %v, told of %v", n, wait, news)
		}
	}
	p.Works(noon.Add(time.Second))
	if wait, news := p.Fails(errCable, noon.Add(1500*time.Millisecond)); wait != time.Second || news {
		t.Errorf("after half a second that it worked: wait %v, told of %v", wait, news)
	}
	p.Works(noon.Add(2 * time.Second))
	if wait, news := p.Fails(errCable, noon.Add(4*time.Second)); wait != plan.First || news {
		t.Errorf("after two seconds that it worked: wait %v, told of %v", wait, news)
	}
}

func TestARowOfErrorsIsOverOnce(t *testing.T) {
	p := mend.New(plan)
	if p.Works(noon) {
		t.Error("over before anything failed")
	}
	p.Fails(errCable, noon)
	for _, step := range []struct {
		after time.Duration
		over  bool
	}{{time.Second, false}, {9 * time.Second, false}, {10 * time.Second, true}, {11 * time.Second, false}} {
		if got := p.Works(noon.Add(step.after)); got != step.over {
			t.Errorf("after %v: over %v", step.after, got)
		}
	}
	if _, news := p.Fails(errCable, noon.Add(time.Minute)); !news {
		t.Error("the next row is not told of")
	}
}

func TestAPartSaysHowItIs(t *testing.T) {
	p := mend.New(plan)
	if s := p.State(noon); s != (mend.State{}) {
		t.Errorf("a sound one: %+v", s)
	}
	for n := range 40 { // a loose plug
		p.Fails(errCable, noon.Add(time.Duration(n)*time.Minute))
		p.Fails(errCable, noon.Add(time.Duration(n)*time.Minute+time.Second))
		p.Works(noon.Add(time.Duration(n)*time.Minute + 2*time.Second))
	}
	at := noon.Add(39*time.Minute + 3*time.Second)
	if s := p.State(at); !s.Down.IsZero() || s.Cause != errCable || s.Times != 10 || at.Sub(s.Heard) != time.Second {
		t.Errorf("it works again: %+v", s)
	}
	p.Fails(errCable, at)
	if s := p.State(at.Add(time.Minute)); s.Down != at || s.Times != 10 {
		t.Errorf("down: %+v", s)
	}
	p.Works(at.Add(time.Minute))
	if s := p.State(at.Add(time.Hour)); s.Times != 0 || !s.Down.IsZero() {
		t.Errorf("an hour later: %+v", s)
	}
}
