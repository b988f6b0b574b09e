package keypad

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// rise is how long a column takes to come up once its row lets go: a pull-up
// of 65 kOhm, the weakest of a Raspberry Pi's, against the 300 pF of a long
// ribbon has a time constant of 20 us; three of them are 95 % of the way.
const rise = 60 * time.Microsecond

// lines is a matrix on GPIO lines.
type lines struct {
	rows, columns []gpio.PinIO
	edges         bool // the columns interrupt
}

var _ wires = (*lines)(nil)

func (l *lines) String() string { return "GPIO " + pinNames(l.rows) + " by " + pinNames(l.columns) }

func (l *lines) hint() string {
	return "see that no other program and no device tree overlay has these pins; gpioinfo shows it"
}

func pinNames(pins []gpio.PinIO) string {
	var all []string
	for _, p := range pins {
		all = append(all, p.Name())
	}
	return strings.Join(all, " ")
}

func (l *lines) configure() error {
	if err := l.listen(); err != nil {
		return err
	}
	return l.rest()
}

// listen makes the columns inputs, with interrupts if all of them can.
func (l *lines) listen() error {
	l.edges = true
	for _, c := range l.columns {
		if c.In(gpio.PullUp, gpio.FallingEdge) == nil {
			continue
		}
		l.edges = false
		if err := c.In(gpio.PullUp, gpio.NoEdge); err != nil {
			return fmt.Errorf("make column %s an input with a pull-up: %w", c, err)
		}
	}
	return nil
}

// rest drives all rows low: any key shows on its column.
func (l *lines) rest() error {
	for _, r := range l.rows {
		if err := r.Out(gpio.Low); err != nil {
			return fmt.Errorf("drive row %s low: %w", r, err)
		}
	}
	return nil
}

// scan reads the columns at rest, and walks through the rows if one is low.
func (l *lines) scan() (set, error) {
	if !l.touched() {
		return 0, nil
	}
	for _, r := range l.rows {
		if err := letGo(r); err != nil {
			return 0, err
		}
	}
	time.Sleep(rise)
	var keys set
	for i, r := range l.rows {
		found, err := l.row(i, r)
		if err != nil {
			return 0, err
		}
		keys |= found
	}
	return keys, l.rest()
}

// touched reports whether any column is low.
func (l *lines) touched() bool {
	for _, c := range l.columns {
		if c.Read() == gpio.Low {
			return true
		}
	}
	return false
}

// row finds what is closed in one row, and lets it go again.
func (l *lines) row(i int, r gpio.PinIO) (set, error) {
	if err := r.Out(gpio.Low); err != nil {
		return 0, fmt.Errorf("drive row %s low: %w", r, err)
	}
	var keys set
	for j, c := range l.columns {
		if c.Read() == gpio.Low {
			keys |= at(i, j)
		}
	}
	if err := letGo(r); err != nil {
		return 0, err
	}
	time.Sleep(rise)
	return keys, nil
}

func letGo(row gpio.PinIO) error {
	if err := row.In(gpio.PullUp, gpio.NoEdge); err != nil {
		return fmt.Errorf("let row %s go: %w", row, err)
	}
	return nil
}

func (l *lines) interrupts() []gpio.PinIO {
	if !l.edges {
		return nil
	}
	return l.columns
}

// close leaves all pins inputs, so that no row shorts anything.
func (l *lines) close() error {
	var all error
	for _, r := range l.rows {
		all = errors.Join(all, letGo(r))
	}
	return all
}
