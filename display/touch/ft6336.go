package touch

import (
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
)

// The registers of the FT6x36 (register map of its application note).
const (
	ftStatus  = 0x02 // TD_STATUS, and the two points behind it
	ftCipher  = 0xa3 // ID_G_CIPHER: which of the family
	ftMode    = 0xa4 // ID_G_MODE: 0 holds INT low while touched, 1 pulses it
	ftVendor  = 0xa8 // ID_G_FOCALTECH_ID
	ftAddress = 0x38

	ftHold = 0x00 // what we leave in ID_G_MODE; a reset puts 1 there
)

// Reset timing (FocalTech, FT6336U V1.1, 3.5, table 3-5): Trst, low for 5 ms at
// least, and Trsi, 300 ms until it reports.
const (
	ftResetLow  = 5 * time.Millisecond
	ftResetWait = 300 * time.Millisecond
)

// ftPoints is how many points it can report; more means a palm.
const ftPoints = 2

// ftPalm is an area in P1_MISC that no fingertip has. The register map gives
// it no unit, 15 is the most; a large thumb leaves room below this.
const ftPalm = 12

// ftBlock is TD_STATUS and both points.
type ftBlock [1 + 6*ftPoints]byte

// FT6336 is a capacitive touch controller of FocalTech: FT6336, FT6236 or
// FT6206.
type FT6336 struct {
	dev   i2c.Dev
	edge  gpio.PinIn  // INT; may be nil
	reset gpio.PinOut // may be nil
}

var _ Chip = (*FT6336)(nil)

// NewFT6336 returns the controller on a bus. Its pins may be nil.
func NewFT6336(bus i2c.Bus, edge gpio.PinIn, reset gpio.PinOut) *FT6336 {
	return &FT6336{i2c.Dev{Bus: bus, Addr: ftAddress}, edge, reset}
}

// String implements Chip.
func (f *FT6336) String() string { return "FT6336 on " + f.dev.String() }

// SetUp implements Chip.
func (f *FT6336) SetUp() (Sensor, error) {
	if err := f.restart(); err != nil {
		return Sensor{}, fmt.Errorf("reset the FT6336: %w", err)
	}
	if err := f.identify(); err != nil {
		return Sensor{}, err
	}
	if err := f.dev.Tx([]byte{ftMode, ftHold}, nil); err != nil {
		return Sensor{}, fmt.Errorf("set the FT6336's interrupt: %w", err)
	}
	return Sensor{Edge: listen(f.edge, gpio.PullUp, gpio.FallingEdge)}, nil
}

// identify checks that what answers is of the family.
func (f *FT6336) identify() error {
	vendor, err := f.register(ftVendor)
	if err != nil {
		return err
	}
	cipher, err := f.register(ftCipher)
	if err != nil {
		return err
	}
	if vendor != 0x11 || (cipher != 0x06 && cipher != 0x36 && cipher != 0x64) {
		return fmt.Errorf("at %#x is no FT6336 (it says vendor %#x, chip %#x): is the right controller configured?", ftAddress, vendor, cipher)
	}
	return nil
}

func (f *FT6336) restart() error {
	if f.reset == nil {
		return nil
	}
	if err := f.reset.Out(gpio.Low); err != nil {
		return err
	}
	time.Sleep(ftResetLow)
	err := f.reset.Out(gpio.High)
	time.Sleep(ftResetWait)
	return err
}

func (f *FT6336) register(r byte) (byte, error) {
	var b [1]byte
	if err := f.dev.Tx([]byte{r}, b[:]); err != nil {
		return 0, fmt.Errorf("read register %#x of the FT6336: %w", r, err)
	}
	return b[0], nil
}

// Read implements Chip.
func (f *FT6336) Read() (Report, error) {
	var b ftBlock
	if err := f.dev.Tx([]byte{ftStatus}, b[:]); err != nil {
		return Report{}, fmt.Errorf("read the FT6336's points: %w", err)
	}
	report, err := b.report()
	if err != nil || len(report.Contacts) > 0 || report.Palm {
		return report, err
	}
	mode, err := f.register(ftMode)
	if err == nil && mode != ftHold {
		err = errors.New("the FT6336 has reset itself")
	}
	return report, err
}

// The event flags of a point, in the top bits of P1_XH.
const (
	ftDown    = 0
	ftContact = 2
)

// report reads TD_STATUS and the points.
func (b ftBlock) report() (Report, error) {
	count := int(b[0] & 0x0f)
	if b[0] == 0xff {
		return Report{}, errors.New("the FT6336 answers with nothing but ones")
	}
	if count > ftPoints {
		return Report{Palm: true}, nil
	}
	var report Report
	for i := range count {
		p := b[1+6*i:]
		if flag := p[0] >> 6; flag != ftDown && flag != ftContact {
			continue
		}
		report.Contacts = append(report.Contacts, Contact{
			ID:   int(p[2] >> 4),
			X:    int(p[0]&0x0f)<<8 | int(p[1]),
			Y:    int(p[2]&0x0f)<<8 | int(p[3]),
			Palm: p[5]>>4 >= ftPalm,
		})
	}
	return report, nil
}
