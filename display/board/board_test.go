package board

import (
	"strings"
	"testing"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"

	"unlockpoint/display/board/boardtest"
)

// pin is one that has a name, and nothing more.
type pin struct {
	gpio.PinIO
	name string
}

func (n pin) String() string { return n.name }
func (n pin) Name() string   { return n.name }

// bus is one that does nothing.
type bus struct{ i2c.BusCloser }

func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%v: it should say %q", err, words)
	}
}

// Tests have no host: nothing registers pins or buses but they themselves.
func TestAMachineWithoutPinsAndBusesSaysWhatToSwitchOn(t *testing.T) {
	_, err := Pin("beeper", "GPIO12")
	says(t, err, `beeper is "GPIO12", and there is no such pin: this program may use no GPIO line here: see who may open /dev/gpiochip0`)
	_, err = I2C("bus", "1")
	says(t, err, `bus is "1", and there is no such I2C bus: this program may use no I2C bus here: `)
	says(t, err, "dtparam=i2c_arm=on")
	_, err = SPI("port", "SPI0.0")
	says(t, err, `port is "SPI0.0", and there is no such SPI port: this program may use no SPI port here: `)
	says(t, err, "dtparam=spi=on")
}

func TestPinsAndBusesAreFoundByTheirNamesAndListedForWhoErrs(t *testing.T) {
	boardtest.Pins(t, pin{gpio.INVALID, "GPIO4"}, pin{gpio.INVALID, "GPIO17"})
	boardtest.Alias(t, "P1_11", "GPIO17")
	boardtest.I2C(t, bus{}, 1, "I2C1", "/dev/i2c-1")
	boardtest.SPI(t, func() spi.PortCloser { return nil }, 1, "SPI0.1", "/dev/spidev0.1")
	for _, name := range []string{"GPIO17", "P1_11"} {
		if p, err := Pin("beeper", name); err != nil || p.Name() != "GPIO17" {
			t.Errorf("%s is %v, %v", name, p, err)
		}
	}
	for _, name := range []string{"", "1", "I2C1", "/dev/i2c-1"} {
		if _, err := I2C("bus", name); err != nil {
			t.Error(err)
		}
	}
	_, err := Pin("beeper", "GPIO18")
	says(t, err, "there is GPIO4, GPIO17")
	_, err = I2C("bus", "I2C3")
	says(t, err, `bus is "I2C3", and there is no such I2C bus: there is I2C1`)
	for _, name := range []string{"", "SPI0.1", "/dev/spidev0.1"} {
		if _, err := SPI("bus", name); err != nil {
			t.Error(err)
		}
	}
	_, err = SPI("bus", "SPI0.0")
	says(t, err, `bus is "SPI0.0", and there is no such SPI port: there is SPI0.1`)
}
