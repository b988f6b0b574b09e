package signal

import (
	"context"
	"log/slog"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// State is what the lamp shows. The zero value is a dark lamp.
type State int

// The states.
const (
	Dark    State = iota
	Ready         // steady: come here
	Working       // slow: a card is in, or something goes on
	Fault         // two flashes, and a rest: out of service
)

// String names the state.
func (s State) String() string { return [...]string{"dark", "ready", "working", "fault"}[s] }

// rhythm is how long the lamp is on and off in turn; it starts on. No rhythm
// has more than three flashes in a second (WCAG 2.2, 2.3.1).
func (s State) rhythm() []time.Duration {
	switch s {
	case Working:
		return []time.Duration{time.Second, time.Second}
	case Fault:
		return []time.Duration{200 * time.Millisecond, 200 * time.Millisecond, 200 * time.Millisecond, 1400 * time.Millisecond}
	}
	return nil
}

// again is the rhythm of trying a steady lamp whose pin failed.
var again = []time.Duration{time.Second}

type lamp struct {
	pin    gpio.PinOut
	on     gpio.Level
	states chan State // the newest, until it is taken
	errors once
}

func newLamp(pin gpio.PinOut, low bool, log *slog.Logger) *lamp {
	return &lamp{pin: pin, on: gpio.Level(!low), states: make(chan State, 1), errors: once{log: log}}
}

// show asks for a state; the newest one wins.
func (l *lamp) show(s State) {
	for {
		select {
		case l.states <- s:
			return
		default:
		}
		select {
		case <-l.states:
		default:
		}
	}
}

func (l *lamp) run(ctx context.Context) {
	defer l.shine(false)
	state := Dark
	for i := 0; ; i++ {
		l.shine(state == Ready || state != Dark && i%2 == 0)
		next, ok := l.wait(ctx, state, i)
		if !ok {
			return
		}
		if next != state {
			state, i = next, -1
		}
	}
}

// wait lasts for a part of the rhythm or until another state is asked for,
// which it returns; not ok is the end.
func (l *lamp) wait(ctx context.Context, state State, i int) (next State, ok bool) {
	var due <-chan time.Time
	rhythm := state.rhythm()
	if rhythm == nil && l.errors.told {
		rhythm = again
	}
	if rhythm != nil {
		timer := time.NewTimer(rhythm[i%len(rhythm)])
		defer timer.Stop()
		due = timer.C
	}
	for {
		select {
		case <-ctx.Done():
			return state, false
		case <-due:
			return state, true
		case next := <-l.states:
			if next != state { // the same again does not disturb the rhythm
				return next, true
			}
		}
	}
}

func (l *lamp) shine(on bool) {
	level := l.on
	if !on {
		level = !l.on
	}
	l.errors.check("lamp", l.pin.Out(level))
}
