package touchtest

import (
	"errors"
	"image"
	"math/rand/v2"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// XPT2046 is the resistive controller, as an SPI port.
type XPT2046 struct {
	chip
	Pen *Pin // PENIRQ

	connected bool
	ohms      int // of the touch
	noise     int // counts either way
	wild      int // every so many conversions is anything at all
	dice      *rand.Rand
	enabled   bool // PENIRQ, by the power-down bits
	axis      byte // what the converter is switched to
	done      int  // conversions so far
}

var (
	_ spi.PortCloser = (*XPT2046)(nil)
	_ spi.Conn       = (*XPT2046)(nil)
	_ conn.Limits    = (*XPT2046)(nil)
)

// NewXPT2046 is a controller with untouched glass.
func NewXPT2046() *XPT2046 {
	return &XPT2046{
		chip: chip{name: "XPT2046"}, Pen: NewPin("PENIRQ"), ohms: 500, enabled: true,
		dice: rand.New(rand.NewPCG(1, 2)),
	}
}

// Touch puts a pen on the glass, pressed to so many ohms.
func (x *XPT2046) Touch(at image.Point, ohms int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.on, x.ohms = []image.Point{at}, ohms
	x.pen()
}

// Lift takes it away.
func (x *XPT2046) Lift() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.on = nil
	x.pen()
}

// Noise adds up to so many counts, and makes one in wild conversions anything
// at all; 0 is none.
func (x *XPT2046) Noise(counts, wild int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.noise, x.wild = counts, wild
}

// pen drives the interrupt: low while touched, if it is enabled.
func (x *XPT2046) pen() { x.Pen.set(gpio.Level(!x.enabled || len(x.on) == 0)) }

// String implements spi.Port.
func (x *XPT2046) String() string { return "SPI0.1" }

// Close implements spi.PortCloser.
func (x *XPT2046) Close() error { return nil }

// LimitSpeed implements spi.PortCloser.
func (x *XPT2046) LimitSpeed(physic.Frequency) error { return nil }

// Duplex implements conn.Conn.
func (x *XPT2046) Duplex() conn.Duplex { return conn.Full }

// MaxTxSize implements conn.Limits.
func (x *XPT2046) MaxTxSize() int { return maxTxSize }

// Connect implements spi.Port.
func (x *XPT2046) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.connected:
		return nil, errors.New("connected already")
	case f > 2*physic.MegaHertz || f == 0:
		x.complain("a clock of %s is beyond 2 MHz", f)
	case mode != spi.Mode0 || bits != 8:
		x.complain("mode %d of %d bits is not its", mode, bits)
	}
	x.connected = true
	return x, nil
}

// TxPackets implements spi.Conn.
func (x *XPT2046) TxPackets([]spi.Packet) error { return errors.New("not modelled") }

// Tx implements conn.Conn: chip select is low for all of it.
func (x *XPT2046) Tx(w, r []byte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.transfer(); err != nil {
		return err
	}
	if len(w) != len(r) || len(w) > maxTxSize {
		x.complain("a transfer of %d bytes out and %d in", len(w), len(r))
		return errors.New("transfer size")
	}
	clear(r)
	x.axis = 0
	for i := 0; i < len(w); i++ {
		if w[i]&0x80 == 0 {
			continue // no start bit: only clocks
		}
		if i+2 >= len(w) || w[i+1] != 0 {
			x.complain("conversion %d is cut short", i)
			break
		}
		value := x.convert(w[i])
		r[i+1] |= byte(value >> 5)
		r[i+2] |= byte(value << 3)
		i++ // the next control byte may overlap the last bits
	}
	x.pen()
	return nil
}

// convert does what a control byte says.
func (x *XPT2046) convert(control byte) int {
	if control&0x0c != 0 {
		x.complain("control byte %#x is not differential, or not 12 bits", control)
	}
	x.enabled = control&1 == 0
	axis := control & 0x70
	value := x.measure(axis)
	if axis != x.axis { // the plates have not settled
		value += 300
	}
	x.axis = axis
	if axis == 0x10 || axis == 0x50 {
		x.Pen.pulse(gpio.Low) // the plate that makes the interrupt is in use
		x.pen()
	}
	x.done++
	if x.wild > 0 && x.done%x.wild == 0 {
		return x.dice.IntN(4096)
	}
	if x.noise > 0 {
		value += x.dice.IntN(2*x.noise+1) - x.noise
	}
	return max(0, min(value, 4095))
}

// measure is what a perfect converter would give.
func (x *XPT2046) measure(axis byte) int {
	const y, z1, z2 = 0x10, 0x30, 0x40
	if len(x.on) == 0 {
		if axis == z2 {
			return 4095
		}
		return 0
	}
	at := x.on[0]
	switch axis {
	case y:
		return at.Y
	case z1, z2:
		a, b := x.pressure(at.X)
		if axis == z1 {
			return a
		}
		return b
	}
	return at.X
}

// pressure is Z1 and Z2 of a touch over an X plate of 400 ohms.
func (x *XPT2046) pressure(at int) (z1, z2 int) {
	ratio := 1 + float64(x.ohms)*4096/(400*float64(max(at, 1)))
	z := min(800, 4000/ratio)
	return int(z + 0.5), int(z*ratio + 0.5)
}
