package touchtest

import (
	"errors"
	"image"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
)

// errNobody is what a bus says when nobody answers an address.
var errNobody = errors.New("i2c: no acknowledge")

// FT6336 is the capacitive controller, as an I2C bus with nothing else on it.
type FT6336 struct {
	chip
	Int, Reset *Pin

	registers map[byte]byte
	area      byte
	boots     time.Time // when it measures again after a reset
	ready     time.Time // when it answers after one from outside
	low       time.Time // when its reset went low
	reported  bool      // the fingers have been reported once
}

var _ i2c.BusCloser = (*FT6336)(nil)

// NewFT6336 is a controller that has been on for long.
func NewFT6336() *FT6336 {
	f := &FT6336{chip: chip{name: "FT6336"}, Int: NewPin("INT"), Reset: NewPin("RST"), area: 3}
	f.Reset.driven = f.reset
	f.powerUp()
	f.boots = time.Time{}
	return f
}

// powerUp is how its registers are after a reset.
func (f *FT6336) powerUp() {
	f.registers = map[byte]byte{0x80: 0x12, 0x88: 0x0a, 0xa3: 0x64, 0xa4: 0x01, 0xa6: 0x02, 0xa8: 0x11}
	f.boots = time.Now().Add(300 * time.Millisecond)
}

// Identify makes it say it is another chip.
func (f *FT6336) Identify(vendor, cipher byte) { f.registers[0xa8], f.registers[0xa3] = vendor, cipher }

func (f *FT6336) reset(l gpio.Level) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if l == gpio.Low {
		f.low = time.Now()
		return
	}
	if time.Since(f.low) < 5*time.Millisecond {
		f.complain("a reset of %s: 5 ms are the least", time.Since(f.low))
	}
	f.powerUp()
	f.ready = f.boots
}

// Touch puts fingers on the glass, instead of those that are on it.
func (f *FT6336) Touch(at ...image.Point) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reported = f.reported && len(f.on) == len(at)
	f.on, f.area = at, 3
	f.interrupt()
}

// Palm puts something large on the glass.
func (f *FT6336) Palm(at image.Point) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on, f.area = []image.Point{at}, 15
	f.interrupt()
}

// ResetItself is what a spark does to it.
func (f *FT6336) ResetItself() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.powerUp()
	f.interrupt()
}

// interrupt drives INT by ID_G_MODE: low while touched, or a pulse.
func (f *FT6336) interrupt() {
	if f.registers[0xa4] == 0 {
		f.Int.set(gpio.Level(len(f.on) == 0))
		return
	}
	f.Int.set(gpio.High)
	if len(f.on) > 0 {
		f.Int.pulse(gpio.Low)
	}
}

// String implements i2c.Bus.
func (f *FT6336) String() string { return "I2C1" }

// Close implements i2c.BusCloser.
func (f *FT6336) Close() error { return nil }

// SetSpeed implements i2c.Bus.
func (f *FT6336) SetSpeed(physic.Frequency) error { return nil }

// Tx implements i2c.Bus: a register, and what is written to or read from it
// and those behind it.
func (f *FT6336) Tx(address uint16, w, r []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.transfer(); err != nil {
		return err
	}
	switch {
	case address != 0x38:
		return errNobody
	case time.Now().Before(f.ready):
		f.complain("asked %s before it is ready after a reset", time.Until(f.ready))
		return errNobody
	case len(w) == 0:
		f.complain("a read without a register")
		return nil
	}
	for i, b := range w[1:] {
		f.write(w[0]+byte(i), b)
	}
	f.points()
	for i := range r {
		r[i] = f.registers[w[0]+byte(i)]
	}
	return nil
}

func (f *FT6336) write(register, value byte) {
	if register != 0xa4 && (register < 0x80 || register > 0x89) {
		f.complain("register %#x is not for writing", register)
		return
	}
	f.registers[register] = value
	f.interrupt()
}

// points puts the fingers into their registers.
func (f *FT6336) points() {
	if time.Now().Before(f.boots) {
		f.registers[0x02] = 0
		return
	}
	f.registers[0x02] = byte(len(f.on))
	for i := range 2 {
		p := byte(0x03 + 6*i)
		if i >= len(f.on) {
			f.registers[p] = 0x40 // lifted, at the place it was
			continue
		}
		flag := byte(0x80)
		if !f.reported {
			flag = 0
		}
		x, y := f.on[i].X, f.on[i].Y
		f.registers[p], f.registers[p+1] = flag|byte(x>>8)&0x0f, byte(x)
		f.registers[p+2], f.registers[p+3] = byte(i)<<4|byte(y>>8)&0x0f, byte(y)
		f.registers[p+4], f.registers[p+5] = 40, f.area<<4
	}
	f.reported = len(f.on) > 0
}
