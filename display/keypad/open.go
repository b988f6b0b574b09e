package keypad

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"

	"unlockpoint/display/board"
)

// The kinds of connection.
const (
	GPIO     = "gpio"
	MCP23017 = "mcp23017"
)

// Config is how a keypad is connected, in the words of a configuration file.
type Config struct {
	Kind string // GPIO or MCP23017

	// Rows from top to bottom and Columns from left to right are names of
	// pins: for GPIO as the host has them, such as "GPIO5"; for MCP23017 as
	// the chip has them, from "A0" to "A6" and "B0" to "B6".
	Rows, Columns []string

	// For MCP23017 alone. Bus is an I2C bus such as "1", or empty for the
	// first one; Address is from 0x20, which 0 means, to 0x27; Interrupt is the
	// host's pin that INTA or INTB is connected with, or empty for none.
	Bus       string
	Address   int
	Interrupt string

	Layout []string // see ParseLayout
	Log    *slog.Logger
}

// Open finds pins and bus by their names; the program calls periph's
// host.Init before, once. An error names the setting that is wrong, and what
// to write. Whether the keys are there shows when Run sets them up.
func Open(c Config) (*Keypad, error) {
	k, err := c.open()
	if err != nil {
		return nil, fmt.Errorf("keypad: %w", err)
	}
	return k, nil
}

func (c Config) open() (*Keypad, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	layout, err := ParseLayout(c.Layout, len(c.Rows), len(c.Columns))
	if err != nil {
		return nil, err
	}
	switch c.Kind {
	case GPIO:
		l, err := c.lines()
		return newKeypad(l, layout, c.Log), err
	case MCP23017:
		e, err := c.expander()
		return newKeypad(e, layout, c.Log), err
	}
	return nil, fmt.Errorf("kind is %q: write %q or %q", c.Kind, GPIO, MCP23017)
}

// distinct finds a pin that has two tasks; a pin may have two names.
func distinct[Pin comparable](names []string, pins []Pin) error {
	for i, p := range pins {
		if j := slices.Index(pins, p); j < i {
			return fmt.Errorf("the pins %q and %q are one: each row and each column has one of its own", names[j], names[i])
		}
	}
	return nil
}

func (c Config) names() []string { return slices.Concat(c.Rows, c.Columns) }

func (c Config) lines() (*lines, error) {
	if c.Bus != "" || c.Address != 0 || c.Interrupt != "" {
		return nil, errors.New("bus, address and interrupt are for mcp23017: leave them out with gpio")
	}
	rows, err := pins("rows", c.Rows)
	if err != nil {
		return nil, err
	}
	columns, err := pins("columns", c.Columns)
	if err != nil {
		return nil, err
	}
	return &lines{rows: rows, columns: columns}, distinct(c.names(), slices.Concat(rows, columns))
}

// pins finds pins of the machine by their names.
func pins(setting string, names []string) ([]gpio.PinIO, error) {
	var all []gpio.PinIO
	for _, name := range names {
		p, err := board.Pin("a pin of "+setting, name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (c Config) expander() (*expander, error) {
	if c.Address == 0 {
		c.Address = lowest
	}
	if c.Address < lowest || c.Address > highest {
		return nil, fmt.Errorf("address is %#x: an MCP23017 is at 0x20 to 0x27, by its pins A0 to A2", c.Address)
	}
	e := &expander{log: c.Log}
	var err error
	if e.rows, err = chipPins("rows", c.Rows); err != nil {
		return nil, err
	}
	if e.columns, err = chipPins("columns", c.Columns); err != nil {
		return nil, err
	}
	if err := distinct(c.names(), slices.Concat(e.rows, e.columns)); err != nil {
		return nil, err
	}
	if c.Interrupt != "" {
		if e.interrupt, err = board.Pin("interrupt", c.Interrupt); err != nil {
			return nil, err
		}
	}
	bus, err := board.I2C("bus", c.Bus)
	if err != nil {
		return nil, err
	}
	e.dev = i2c.Dev{Bus: bus, Addr: uint16(c.Address)}
	e.closer = bus
	return e, nil
}

// chipPins finds pins of the chip by their names.
func chipPins(setting string, names []string) ([]uint16, error) {
	var bits []uint16
	for _, name := range names {
		if len(name) != 2 || name[0] != 'A' && name[0] != 'B' || name[1] < '0' || name[1] > '6' {
			return nil, fmt.Errorf("a pin of %s is %q: an MCP23017 has A0 to A6 and B0 to B6 for keys (A7 and B7 are outputs only)", setting, name)
		}
		bits = append(bits, 1<<(name[1]-'0'+8*(name[0]-'A')))
	}
	return bits, nil
}

// close lets go of the bus. The rows stay low, which is their rest.
func (e *expander) close() error { return e.closer.Close() }
