// Package keypadtest has models of what keys are connected with, for tests: a
// matrix of contacts that bounce and have no diodes, GPIO lines, and an
// MCP23017. They do what the parts do, count time as the test does (so tests
// run them in testing/synctest), and complain of whoever treats them as no
// part may be treated.
//
// Its words: a contact joins a row and a column while its key is down; a
// drive is what a pin does to its wire; a complaint is a broken rule, in
// words.
package keypadtest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// rise is how long a wire that is let go takes to come up by its pull-up: 50
// kOhm against 300 pF, to seven tenths of the supply.
const rise = 20 * time.Microsecond

// drive is what a pin does to its wire.
type drive int

const (
	open drive = iota
	pulled
	low
	high
)

// wire is one row or column.
type wire struct {
	drive   drive
	low     bool // now
	rose    time.Time
	shorted time.Time // to ground until then: noise
}

// Matrix is contacts in rows and columns. It may be used from any goroutine.
type Matrix struct {
	rows, columns int

	mu         sync.Mutex
	wires      []wire // rows, then columns
	closed     map[[2]int]bool
	complaints []string
	changed    []func() // with mu held
}

// NewMatrix returns so many rows and columns of keys that are up.
func NewMatrix(rows, columns int) *Matrix {
	return &Matrix{rows: rows, columns: columns, wires: make([]wire, rows+columns), closed: map[[2]int]bool{}}
}

// Press puts the key at a row and a column down. The contact opens and closes
// in turn after each of the times given, and ends closed.
func (m *Matrix) Press(row, column int, bounces ...time.Duration) {
	m.move(row, column, true, bounces)
}

// Release lets the key come up, in the same way.
func (m *Matrix) Release(row, column int, bounces ...time.Duration) {
	m.move(row, column, false, bounces)
}

func (m *Matrix) move(row, column int, closed bool, bounces []time.Duration) {
	m.contact(row, column, closed)
	for i, d := range bounces {
		time.Sleep(d)
		m.contact(row, column, closed == (i%2 == 1))
	}
	m.contact(row, column, closed)
}

// contact opens or closes one contact.
func (m *Matrix) contact(row, column int, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.closed, [2]int{row, column})
	if closed {
		m.closed[[2]int{row, column}] = true
	}
	m.settle()
}

// Spike pulls a column to ground for so long, as a discharge nearby does.
func (m *Matrix) Spike(column int, d time.Duration) {
	m.mu.Lock()
	m.wires[m.rows+column].shorted = time.Now().Add(d)
	m.settle()
	m.mu.Unlock()
	time.Sleep(d)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
}

// Complaints is every rule that was broken so far.
func (m *Matrix) Complaints() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.complaints)
}

// complain notes a broken rule, once. It needs mu.
func (m *Matrix) complain(format string, args ...any) {
	if c := fmt.Sprintf(format, args...); !slices.Contains(m.complaints, c) {
		m.complaints = append(m.complaints, c)
	}
}

// set changes what a pin does to its wire. It needs mu.
func (m *Matrix) set(w int, d drive) {
	m.wires[w].drive = d
	m.settle()
}

// settle works out which wires are low, and tells who listens. It needs mu.
func (m *Matrix) settle() {
	for w := range m.wires {
		m.level(w)
	}
	for _, tell := range m.changed {
		tell()
	}
}

// level works out one wire. Contacts have no diodes: current takes any way.
func (m *Matrix) level(w int) {
	grounded, raised := false, false
	for _, x := range m.joined(w) {
		grounded = grounded || m.wires[x].drive == low || time.Now().Before(m.wires[x].shorted)
		raised = raised || m.wires[x].drive == high
	}
	if grounded && raised {
		m.complain("one pin drives high what another drives low")
	}
	it := &m.wires[w]
	if it.low && !grounded && !raised {
		it.rose = time.Now().Add(rise)
	}
	it.low = grounded
}

// joined is the wire and all that contacts join it with.
func (m *Matrix) joined(w int) []int {
	all := []int{w}
	for i := 0; i < len(all); i++ {
		for at := range m.closed {
			row, column := at[0], m.rows+at[1]
			if row != all[i] && column != all[i] {
				continue
			}
			if other := row + column - all[i]; !slices.Contains(all, other) {
				all = append(all, other)
			}
		}
	}
	return all
}

// read is the level of a wire. It needs mu.
func (m *Matrix) read(w int) gpio.Level {
	it := m.wires[w]
	return gpio.Level(!it.low && !time.Now().Before(it.rose))
}

// fed reports whether something gives the wire a level: a pin or a pull-up.
// It needs mu.
func (m *Matrix) fed(w int) bool {
	return slices.ContainsFunc(m.joined(w), func(x int) bool { return m.wires[x].drive != open })
}
