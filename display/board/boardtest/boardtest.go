// Package boardtest makes models part of this machine, under names by which
// package board finds them, until the test ends. A machine has one of each
// name, so that such tests may not run in parallel.
package boardtest

import (
	"testing"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/conn/v3/spi/spireg"
)

// Pins adds lines by the names that they have.
func Pins[Pin gpio.PinIO](t testing.TB, pins ...Pin) {
	t.Helper()
	for _, p := range pins {
		added(t, gpioreg.Register(p), func() error { return gpioreg.Unregister(p.Name()) })
	}
}

// Alias adds another name of a line.
func Alias(t testing.TB, alias, name string) {
	t.Helper()
	added(t, gpioreg.RegisterAlias(alias, name), func() error { return gpioreg.Unregister(alias) })
}

// SPI adds a port with its names, the first of which is its own, and a number.
// It is another one each time that it is opened, for a port serves once.
func SPI(t testing.TB, open func() spi.PortCloser, number int, names ...string) {
	t.Helper()
	opener := func() (spi.PortCloser, error) { return open(), nil }
	added(t, spireg.Register(names[0], names[1:], number, opener), func() error { return spireg.Unregister(names[0]) })
}

// I2C adds a bus with its names, the first of which is its own, and a number.
func I2C(t testing.TB, bus i2c.BusCloser, number int, names ...string) {
	t.Helper()
	open := func() (i2c.BusCloser, error) { return bus, nil }
	added(t, i2creg.Register(names[0], names[1:], number, open), func() error { return i2creg.Unregister(names[0]) })
}

func added(t testing.TB, err error, remove func() error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := remove(); err != nil {
			t.Error(err)
		}
	})
}
