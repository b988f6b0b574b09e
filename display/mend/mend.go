// Package mend is what drivers do about a part that fails: they set it up
// again, wait longer each time, tell of it once, and say how it is to anybody
// who asks.
//
// Its words: a part is down from an error on until it works again; a row of
// errors ends when all has gone well for long enough, so that a loose wire
// fills no log.
package mend

import (
	"slices"
	"sync"
	"time"
)

// Plan is how a part is mended.
type Plan struct {
	First, Longest time.Duration // the waits before it is set up again, each twice as long as the last
	Healthy        time.Duration // how long all goes well before a row of errors is over
}

// Lately is how far back State.Times counts.
const Lately = 10 * time.Minute

// most is how many times of going down are kept: more say nothing new.
const most = 16

// Part is one part that may fail. Its driver tells, anybody may ask.
type Part struct {
	plan Plan

	mu    sync.Mutex
	row   bool // of errors, which was told of
	wait  time.Duration
	last  time.Time // of the errors
	up    time.Time // works since; zero: it is down
	down  time.Time // fails since; zero: it works
	cause error
	falls []time.Time // when it went down, the last ones
	heard time.Time   // of either
}

// New returns a part that works.
func New(p Plan) *Part { return &Part{plan: p} }

// State is how a part is at one moment.
type State struct {
	Down  time.Time // it fails since then; zero: it works
	Cause error     // the last one, also of a part that works again
	Times int       // it went down in the last ten minutes
	Heard time.Time // its driver said so last; zero: never
}

// Fails takes an error in. It says how long to wait before the part is set up
// again, and whether this is the first error of a row, which is to be told of.
// A part that has worked for longer than it was last left alone gets the first
// wait again: a transfer may be lost now and then.
func (p *Part) Fails(err error, now time.Time) (wait time.Duration, news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down.IsZero() {
		p.down = now
		p.falls = append(p.falls, now)
		p.falls = p.falls[max(len(p.falls)-most, 0):]
	}
	if !p.up.IsZero() && now.Sub(p.up) > p.wait {
		p.wait = 0
	}
	p.wait = min(max(2*p.wait, p.plan.First), p.plan.Longest)
	news, p.row = !p.row, true
	p.last, p.cause, p.up, p.heard = now, err, time.Time{}, now
	return p.wait, news
}

// Works says that the part works, and reports, once, that a row of errors is
// over.
func (p *Part) Works(now time.Time) (over bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = now
	if p.up.IsZero() {
		p.up, p.down = now, time.Time{}
	}
	if !p.row || now.Sub(p.last) < p.plan.Healthy {
		return false
	}
	p.row, p.wait = false, 0
	return true
}

// State is how the part is.
func (p *Part) State(now time.Time) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	recent := slices.IndexFunc(p.falls, func(at time.Time) bool { return now.Sub(at) < Lately })
	s := State{Down: p.down, Cause: p.cause, Heard: p.heard}
	if recent >= 0 {
		s.Times = len(p.falls) - recent
	}
	return s
}
