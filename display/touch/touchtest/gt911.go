package touchtest

import (
	"encoding/binary"
	"image"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
)

// GT911 is the capacitive controller, as an I2C bus with nothing else on it.
type GT911 struct {
	chip
	Int, Reset *Pin
	Product    string
	Size       image.Point // of its glass
	Trigger    byte        // what INT does: 0 rises, 1 falls

	address        uint16
	mark           byte
	status         byte
	large          bool
	report         []image.Point
	seen           bool // the report that is ready has been read
	low, high      time.Time
	boots          time.Time // when it measures again after a reset
	ready          time.Time // when it answers after one from outside
	measured       time.Time
	announcedEmpty bool // it has reported that nothing is there
}

var _ i2c.BusCloser = (*GT911)(nil)

// NewGT911 is a controller that has been on for long, at an address.
func NewGT911(address uint16, glass image.Point) *GT911 {
	g := &GT911{
		chip: chip{name: "GT911"}, Int: NewPin("INT"), Reset: NewPin("RST"), Product: "911", Size: glass,
		Trigger: 1, address: address, announcedEmpty: true,
	}
	g.Reset.driven = g.reset
	return g
}

// reset takes its address from INT as the reset ends.
func (g *GT911) reset(l gpio.Level) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l == gpio.Low {
		g.low = time.Now()
		return
	}
	if time.Since(g.low) < 10*time.Millisecond {
		g.complain("a reset of %s: 10 ms are the least", time.Since(g.low))
	}
	g.powerUp()
	g.high = time.Now()
	g.ready = g.high.Add(55 * time.Millisecond)
	g.Int.mu.Lock()
	defer g.Int.mu.Unlock()
	if g.Int.out {
		g.address = 0x5d
		if g.Int.level == gpio.High {
			g.address = 0x14
		}
		g.Int.driven = g.sync
	}
}

// sync hears of INT as the host lets go of the address.
func (g *GT911) sync(gpio.Level) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if held := time.Since(g.high); !g.high.IsZero() && held < 5*time.Millisecond {
		g.complain("INT changes %s after the reset: it holds the address for 5 ms", held)
	}
}

func (g *GT911) powerUp() {
	g.mark, g.status, g.report, g.seen, g.announcedEmpty = 0, 0, nil, false, len(g.on) == 0
	g.boots = time.Now().Add(120 * time.Millisecond)
}

// Touch puts fingers on the glass, instead of those that are on it.
func (g *GT911) Touch(at ...image.Point) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.on, g.large = at, false
	g.announcedEmpty = g.announcedEmpty && len(at) == 0
	g.measure()
}

// Palm puts something large on the glass.
func (g *GT911) Palm(at image.Point) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.on, g.large, g.announcedEmpty = []image.Point{at}, true, false
	g.measure()
}

// ResetItself is what a spark does to it.
func (g *GT911) ResetItself() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.powerUp()
}

// measure makes a report, every 10 ms and when fingers change, unless the
// last one is still there, or it has said that nothing is on the glass.
func (g *GT911) measure() {
	if g.status&0x80 != 0 || g.announcedEmpty || time.Now().Before(g.boots) {
		return
	}
	g.measured = time.Now()
	g.report = g.on
	g.status = 0x80 | byte(len(g.on))
	if g.large {
		g.status |= 0x40
	}
	g.announcedEmpty = len(g.on) == 0
	g.seen = false
	g.Int.pulse(gpio.Level(g.Trigger == 0))
}

// String implements i2c.Bus.
func (g *GT911) String() string { return "I2C1" }

// Close implements i2c.BusCloser.
func (g *GT911) Close() error { return nil }

// SetSpeed implements i2c.Bus.
func (g *GT911) SetSpeed(physic.Frequency) error { return nil }

// Tx implements i2c.Bus: a register of 16 bits, high byte first, and what is
// written to or read from it and those behind it.
func (g *GT911) Tx(address uint16, w, r []byte) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.transfer(); err != nil {
		g.seen = false // that it was not cleared may be no fault of the host
		return err
	}
	switch {
	case address != g.address:
		return errNobody
	case time.Now().Before(g.ready):
		g.complain("asked %s before it is ready after a reset", time.Until(g.ready))
		return errNobody
	case len(w) < 2 || len(w)+len(r) > maxTxSize:
		g.complain("a transfer of %d bytes out and %d in", len(w), len(r))
		return nil
	}
	if time.Since(g.measured) >= 10*time.Millisecond {
		g.measure()
	}
	register := binary.BigEndian.Uint16(w)
	for i, b := range w[2:] {
		g.write(register+uint16(i), b)
	}
	g.rules(register, len(r))
	for i := range r {
		r[i] = g.read(register + uint16(i))
	}
	return nil
}

// rules is what a reader has to keep to.
func (g *GT911) rules(register uint16, count int) {
	end := int(register) + count
	switch {
	case register <= 0x814e && end > 0x814e:
		if g.seen {
			g.complain("0x814e is read again, and was not cleared")
		}
		g.seen = g.status&0x80 != 0
	case register >= 0x814f && count > 0 && g.status&0x80 == 0:
		g.complain("points are read before they are ready")
	case register >= 0x814f && end > 0x814f+8*len(g.report):
		g.complain("%d bytes of points are read, and there are %d points", count, len(g.report))
	}
}

func (g *GT911) write(register uint16, value byte) {
	switch register {
	case 0x8041:
		g.mark = value
	case 0x814e:
		if value != 0 {
			g.complain("0x814e is set to %#x: it is cleared with 0", value)
		}
		if g.status&0x80 == 0 {
			g.complain("0x814e is cleared, and nothing is ready")
		}
		g.status, g.seen = 0, false
	default:
		g.complain("register %#x is not for writing", register)
	}
}

func (g *GT911) read(register uint16) byte {
	switch {
	case register == 0x8041:
		return g.mark
	case register == 0x804d:
		return 0x3c | g.Trigger
	case register >= 0x8140 && register < 0x8144:
		return (g.Product + "\x00\x00\x00\x00")[register-0x8140]
	case register >= 0x8146 && register < 0x814a:
		size := binary.LittleEndian.AppendUint16(nil, uint16(g.Size.X))
		return binary.LittleEndian.AppendUint16(size, uint16(g.Size.Y))[register-0x8146]
	case register == 0x814e:
		return g.status
	case register >= 0x814f:
		return g.point(int(register - 0x814f))
	}
	return 0
}

// point is a byte of the points: id, x, y and size, low bytes first.
func (g *GT911) point(at int) byte {
	if at/8 >= len(g.report) {
		return 0
	}
	p := []byte{byte(at / 8)}
	for _, n := range []int{g.report[at/8].X, g.report[at/8].Y, 30} {
		p = binary.LittleEndian.AppendUint16(p, uint16(n))
	}
	return append(p, 0)[at%8]
}
