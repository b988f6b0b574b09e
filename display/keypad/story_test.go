package keypad

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"

	"unlockpoint/display/keypad/keypadtest"
)

// finger is how long a quick finger stays down, and up.
const finger = 70 * time.Millisecond

// desk is a keypad that runs, with somebody in front of it.
type desk struct {
	*keypadtest.Matrix
	t       *testing.T
	pad     *Keypad
	layout  Layout
	rows    []*keypadtest.Line
	columns []*keypadtest.Line
	chip    *keypadtest.MCP23017 // nil on GPIO
	log     *bytes.Buffer
}

// onLines runs a story with a pad of 4 rows on GPIO, in a bubble of its own time.
func onLines(t *testing.T, columns int, story func(*desk)) {
	prepared(t, columns, nothing, story)
}

// prepared is onLines, with something that was so before the program started.
func prepared(t *testing.T, columns int, before, story func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Matrix: keypadtest.NewMatrix(4, columns), t: t, log: &bytes.Buffer{}}
		l := &lines{}
		for i := range 4 {
			d.rows = append(d.rows, d.Row(i))
			l.rows = append(l.rows, d.rows[i])
		}
		for i := range columns {
			d.columns = append(d.columns, d.Column(i))
			l.columns = append(l.columns, d.columns[i])
		}
		before(d)
		d.run(l, columns, story)
	})
}

// onChip runs a story with a pad of 4x4 behind an MCP23017 that interrupts.
func onChip(t *testing.T, before, story func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Matrix: keypadtest.NewMatrix(4, 4), t: t, log: &bytes.Buffer{}}
		d.chip = keypadtest.NewMCP23017(d.Matrix, 0x21, []int{3, 2, 1, 0}, []int{8, 9, 10, 6})
		e := &expander{
			dev:  i2c.Dev{Bus: d.chip, Addr: 0x21},
			rows: []uint16{1 << 3, 1 << 2, 1 << 1, 1 << 0}, columns: []uint16{1 << 8, 1 << 9, 1 << 10, 1 << 6},
			interrupt: d.chip.IntA, closer: d.chip, log: slog.New(slog.NewTextHandler(d.log, nil)),
		}
		before(d)
		d.run(e, 4, story)
	})
}

func nothing(*desk) {}

// run sets the pad up and runs it while the story is told.
func (d *desk) run(w wires, columns int, story func(*desk)) {
	var err error
	if d.layout, err = ParseLayout(nil, 4, columns); err != nil {
		d.t.Fatal(err)
	}
	d.pad = newKeypad(w, d.layout, slog.New(slog.NewTextHandler(d.log, nil)))
	ctx, stop := context.WithCancel(d.t.Context())
	done := make(chan error)
	go func() { done <- d.pad.Run(ctx) }()
	time.Sleep(time.Second)
	story(d)
	stop()
	if err := <-done; err != nil {
		d.t.Error(err)
	}
	for _, c := range d.Complaints() {
		d.t.Error(c)
	}
	d.leftAlone()
}

// leftAlone fails the test unless the pad let go of its pins or its bus.
func (d *desk) leftAlone() {
	if d.chip != nil && !d.chip.Closed() {
		d.t.Error("the bus is still open")
	}
	time.Sleep(rise)
	for _, row := range d.rows {
		if row.Read() == gpio.Low {
			d.t.Errorf("%s is still driven", row)
		}
	}
}

// where is the row and column of a key.
func (d *desk) where(name string) (row, column int) {
	d.t.Helper()
	for i := range d.layout {
		if j := slices.Index(d.layout[i][:], name); j >= 0 {
			return i, j
		}
	}
	d.t.Fatalf("there is no key %q", name)
	return 0, 0
}

func (d *desk) down(name string, bounces ...time.Duration) {
	d.t.Helper()
	row, column := d.where(name)
	d.Press(row, column, bounces...)
	time.Sleep(finger)
}

func (d *desk) up(name string, bounces ...time.Duration) {
	d.t.Helper()
	row, column := d.where(name)
	d.Release(row, column, bounces...)
	time.Sleep(finger)
}

// tap presses keys one after the other.
func (d *desk) tap(names ...string) {
	d.t.Helper()
	for _, name := range names {
		d.down(name)
		d.up(name)
	}
}

// countsAtAnyTime presses a key for so long at each point between two looks.
func (d *desk) countsAtAnyTime(held time.Duration) {
	d.t.Helper()
	row, column := d.where("5")
	for i := range 60 {
		time.Sleep(time.Second + time.Duration(i)*ms/2)
		d.Press(row, column)
		time.Sleep(held)
		d.Release(row, column)
		time.Sleep(finger)
		d.expect("5")
	}
}

// keys is all that came out so far.
func (d *desk) keys() string {
	var all []string
	for {
		synctest.Wait()
		select {
		case e := <-d.pad.Events():
			all = append(all, e.Key)
		default:
			return strings.Join(all, " ")
		}
	}
}

func (d *desk) expect(want string) {
	d.t.Helper()
	if got := d.keys(); got != want {
		d.t.Errorf("the keys are %q, not %q", got, want)
	}
}

// logged counts the lines of the log with these words.
func (d *desk) logged(words string) int {
	synctest.Wait()
	return strings.Count(d.log.String(), words)
}

func (d *desk) all(f keypadtest.Fault) {
	for _, l := range slices.Concat(d.rows, d.columns) {
		l.Break(f)
	}
}
