package keypadtest

import (
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// Line is a GPIO line of a host: it is connected with a row or a column of a
// Matrix, or with an output of a chip.
type Line struct {
	gpio.PinIO // what it does not do
	m          *Matrix
	wire       int // or -1 for a chip's output
	name       string

	// With m.mu:
	edge  gpio.Edge
	was   gpio.Level
	given gpio.Level // by the chip
	edges chan struct{}
	fault Fault
}

var _ gpio.PinIO = (*Line)(nil)

// Fault is what is wrong with a line.
type Fault int

// The faults.
const (
	None    Fault = iota
	NoEdges       // the line cannot interrupt, and says so
	Deaf          // it can interrupt, and none arrives
	Mute          // waiting for an edge ends at once, without one
	Cut           // the wire ends before it gets anywhere: the pull-up alone is read
	Broken        // every call fails
)

// Row is the line at row i.
func (m *Matrix) Row(i int) *Line { return m.line(i, fmt.Sprintf("ROW%d", i)) }

// Column is the line at column i.
func (m *Matrix) Column(i int) *Line { return m.line(m.rows+i, fmt.Sprintf("COLUMN%d", i)) }

func (m *Matrix) line(w int, name string) *Line {
	l := &Line{PinIO: gpio.INVALID, m: m, wire: w, name: name, edges: make(chan struct{}, 1)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changed = append(m.changed, l.look)
	return l
}

// chip is a line that a chip drives.
func (m *Matrix) chip(name string) *Line {
	return &Line{PinIO: gpio.INVALID, m: m, wire: -1, name: name, edges: make(chan struct{}, 1)}
}

// give is the chip driving the line. It needs m.mu.
func (l *Line) give(level gpio.Level) {
	l.given = level
	l.look()
}

// Break sets what is wrong with the line from now on.
func (l *Line) Break(f Fault) {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	l.fault = f
}

// String implements conn.Resource.
func (l *Line) String() string { return l.name }

// Name implements pin.Pin.
func (l *Line) Name() string { return l.name }

// Halt implements conn.Resource: it ends a wait for an edge.
func (l *Line) Halt() error {
	ring(l.edges)
	return nil
}

var errBroken = errors.New("the line does not answer")

// In implements gpio.PinIn.
func (l *Line) In(pull gpio.Pull, edge gpio.Edge) error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	switch {
	case l.fault == Broken:
		return errBroken
	case l.fault == NoEdges && edge != gpio.NoEdge:
		return errors.New("no interrupts on this line")
	case pull == gpio.PullDown:
		l.m.complain("%s pulls down: a key that is down would not show", l)
	}
	l.edge = edge
	to := open
	if pull == gpio.PullUp {
		to = pulled
	}
	if l.wire >= 0 {
		l.m.set(l.wire, to)
	}
	return nil
}

// Out implements gpio.PinOut.
func (l *Line) Out(level gpio.Level) error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if l.fault == Broken {
		return errBroken
	}
	if l.wire < 0 {
		l.m.complain("%s is driven from both ends", l)
		return nil
	}
	l.edge = gpio.NoEdge
	to := low
	if level == gpio.High {
		to = high
	}
	l.m.set(l.wire, to)
	return nil
}

// Read implements gpio.PinIn.
func (l *Line) Read() gpio.Level {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if l.fault == Broken {
		return gpio.Low // as gpioioctl says of a line that it cannot read
	}
	if l.fault == Cut {
		return gpio.High
	}
	if l.wire < 0 {
		return l.given
	}
	if !l.m.fed(l.wire) {
		l.m.complain("%s is read, and nothing pulls it up", l)
	}
	return l.m.read(l.wire)
}

// WaitForEdge implements gpio.PinIn.
func (l *Line) WaitForEdge(timeout time.Duration) bool {
	l.m.mu.Lock()
	fault, edge := l.fault, l.edge
	if timeout <= 0 {
		l.m.complain("%s waits %v for an edge: drivers do not agree what that means", l, timeout)
	}
	l.m.mu.Unlock()
	if fault == Mute || edge == gpio.NoEdge {
		return false
	}
	select {
	case <-l.edges:
		return true
	case <-time.After(timeout):
		return false
	}
}

// look rings for an edge. It needs m.mu.
func (l *Line) look() {
	now := l.given
	if l.wire >= 0 {
		now = gpio.Level(!l.m.wires[l.wire].low)
	}
	fell := l.was == gpio.High && now == gpio.Low
	l.was = now
	if fell && l.fault != Deaf && l.fault != Cut && (l.edge == gpio.FallingEdge || l.edge == gpio.BothEdges) {
		ring(l.edges)
	}
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
