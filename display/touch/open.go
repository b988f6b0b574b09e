package touch

import (
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"

	"unlockpoint/display/board"
)

// The chips, by their names in configuration files.
const (
	NameXPT2046 = "xpt2046"
	NameFT6336  = "ft6336"
	NameGT911   = "gt911"
)

// Config is a touch controller as a configuration file has it.
type Config struct {
	Chip      string // a name from above
	Bus       string // as periph names it: "SPI0.1" or "/dev/spidev0.1", "I2C1" or "/dev/i2c-1"; empty is the first
	Address   uint16 // of a GT911: 0x5d or 0x14; 0 is whichever answers
	Interrupt string // pin, "GPIO17"; empty: the controller is asked all the time
	Reset     string // pin; empty: it is not wired

	Panel       image.Point // its pixels, as the picture is turned
	Orientation Orientation
	Calibration string // file, for an XPT2046; empty: the usual edges
	Raw         bool   // give what the controller counts, up to 4095, to calibrate with
	Log         *slog.Logger
}

// Open finds bus and pins by their names and makes a Source of them. The
// program calls periph's host.Init before, once. Whether the controller is
// there shows when Run sets it up.
func Open(c Config) (*Source, error) {
	s, err := c.open()
	if err != nil {
		return nil, fmt.Errorf("touch: %w", err)
	}
	return s, nil
}

func (c Config) open() (*Source, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	interrupt, err := pinOf("interrupt", c.Interrupt)
	if err != nil {
		return nil, err
	}
	reset, err := pinOf("reset", c.Reset)
	if err != nil {
		return nil, err
	}
	chip, bus, err := c.openChip(interrupt, reset)
	if err != nil {
		return nil, err
	}
	s, err := New(chip, c)
	if err != nil {
		return nil, errors.Join(err, bus.Close())
	}
	s.bus = bus
	return s, nil
}

// check says which setting is wrong, and what to write instead.
func (c Config) check() error {
	if err := c.checkPanel(); err != nil {
		return err
	}
	return c.checkChip()
}

func (c Config) checkPanel() error {
	if c.Panel.X < 1 || c.Panel.Y < 1 {
		return fmt.Errorf("the panel is %dx%d pixels: give its size", c.Panel.X, c.Panel.Y)
	}
	return c.Orientation.Check()
}

// checkChip says what the chip has no use for.
func (c Config) checkChip() error {
	switch {
	case c.Chip != NameXPT2046 && c.Chip != NameFT6336 && c.Chip != NameGT911:
		return fmt.Errorf("chip is %q: write %s, %s or %s", c.Chip, NameXPT2046, NameFT6336, NameGT911)
	case c.Address != 0 && c.Chip != NameGT911:
		return fmt.Errorf("address is %#x: only a gt911 has a choice, leave it out", c.Address)
	case c.Calibration != "" && c.Chip != NameXPT2046:
		return fmt.Errorf("calibration is %q: a %s needs none, leave it out", c.Calibration, c.Chip)
	case c.Reset != "" && c.Chip == NameXPT2046:
		return fmt.Errorf("reset is %q: an xpt2046 has no such pin, leave it out", c.Reset)
	case c.Reset != "" && c.Reset == c.Interrupt:
		return fmt.Errorf("reset and interrupt are both %q: each has a pin of its own", c.Reset)
	}
	return nil
}

// openChip opens the bus, and the controller on it.
func (c Config) openChip(interrupt, reset gpio.PinIO) (Chip, io.Closer, error) {
	if c.Chip == NameXPT2046 {
		return c.openSPI(interrupt)
	}
	bus, err := board.I2C("bus", c.Bus)
	if err != nil {
		return nil, nil, err
	}
	if c.Chip == NameFT6336 {
		return NewFT6336(bus, interrupt, reset), bus, nil
	}
	chip, err := NewGT911(bus, c.Address, interrupt, reset)
	if err != nil {
		return nil, nil, errors.Join(err, bus.Close())
	}
	return chip, bus, nil
}

func (c Config) openSPI(interrupt gpio.PinIO) (Chip, io.Closer, error) {
	port, err := board.SPI("bus", c.Bus)
	if err != nil {
		return nil, nil, err
	}
	chip, err := NewXPT2046(port, interrupt)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("bus is %q: %w", c.Bus, err), port.Close())
	}
	return chip, port, nil
}

// Find says which controller answers on a bus, by its name for Config, and at
// which address. It resets nothing; a resistive one cannot be told. It writes the
// numbers of registers to 0x38, 0x5d and 0x14: another chip there, such as a
// PCF8574A that switches something, takes them for its own.
func Find(bus i2c.Bus) (chip string, address uint16, found bool) {
	if NewFT6336(bus, nil, nil).identify() == nil {
		return NameFT6336, ftAddress, true
	}
	g := &GT911{bus: bus}
	if g.find() == nil {
		return NameGT911, g.at, true
	}
	return "", 0, false
}

// pinOf finds a pin. An empty name is a pin that is not wired, and nil.
func pinOf(setting, name string) (gpio.PinIO, error) {
	if name == "" {
		return nil, nil
	}
	return board.Pin(setting, name)
}
