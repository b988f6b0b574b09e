// Package board finds the pins and buses of the machine by the names that a
// configuration file has for them, and says what to write where there is no
// such one. The program calls periph's host.Init before, once; nothing else
// here keeps state.
package board

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/conn/v3/spi/spireg"
)

// Pin is the pin of a name, such as "GPIO17"; two names of one pin, such as
// "P1_11" and "GPIO17", give the same. The error begins with the setting that
// has the name.
func Pin(setting, name string) (gpio.PinIO, error) {
	if p := gpioreg.ByName(name); p != nil {
		return behind(p), nil
	}
	var names []string
	for _, p := range gpioreg.All() {
		names = append(names, p.Name())
	}
	return nil, fmt.Errorf("%s is %q, and there is no such pin: %s", setting, name,
		instead(names, "this program may use no GPIO line here: see who may open /dev/gpiochip0, usually the group gpio"))
}

// behind is the pin behind an alias, or the pin itself.
func behind(p gpio.PinIO) gpio.PinIO {
	if alias, ok := p.(gpio.RealPin); ok {
		return alias.Real()
	}
	return p
}

// I2C opens the bus of a name, such as "I2C1" or "1"; an empty name is the
// first one. The error begins with the setting that has the name.
func I2C(setting, name string) (i2c.BusCloser, error) {
	var all []named
	for _, r := range i2creg.All() {
		all = append(all, named{r.Name, r.Aliases, r.Number})
	}
	if err := known(setting, name, all, "I2C bus",
		"switch it on where the board boots (dtparam=i2c_arm=on on a Raspberry Pi), and see who may open /dev/i2c-1, usually the group i2c"); err != nil {
		return nil, err
	}
	bus, err := i2creg.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s is %q: %w: see who may open it, usually the group i2c", setting, name, err)
	}
	return bus, nil
}

// SPI opens the port of a name, such as "SPI0.1" or "/dev/spidev0.1"; an empty
// name is the first one. The error begins with the setting that has the name.
func SPI(setting, name string) (spi.PortCloser, error) {
	var all []named
	for _, r := range spireg.All() {
		all = append(all, named{r.Name, r.Aliases, r.Number})
	}
	if err := known(setting, name, all, "SPI port",
		"switch it on where the board boots (dtparam=spi=on on a Raspberry Pi), and see who may open /dev/spidev0.0, usually the group spi"); err != nil {
		return nil, err
	}
	port, err := spireg.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s is %q: %w: see who may open it, usually the group spi", setting, name, err)
	}
	return port, nil
}

// named is what a bus can be called; a number below 0 is none.
type named struct {
	name    string
	aliases []string
	number  int
}

// known says what to write where no bus of a kind has the name, or what to try
// where there is none at all: the library only asks whether it was set up.
func known(setting, name string, all []named, kind, try string) error {
	var names []string
	for _, n := range all {
		if name == "" || name == n.name || slices.Contains(n.aliases, name) || n.number >= 0 && name == strconv.Itoa(n.number) {
			return nil
		}
		names = append(names, n.name)
	}
	return fmt.Errorf("%s is %q, and there is no such %s: %s", setting, name, kind,
		instead(names, "this program may use no "+kind+" here: "+try))
}

// instead is what to write, or what to try where there is nothing at all.
func instead(names []string, nothing string) string {
	if len(names) == 0 {
		return nothing
	}
	return "there is " + strings.Join(names, ", ")
}
