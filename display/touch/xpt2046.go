package touch

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// A control byte of the XPT2046 (Xptek, data sheet of May 2007: tables 6 and 7,
// page 22; the differential inputs, table 5, page 15; the power-down bits, table
// 8, page 24): the start bit, what to measure, 12 bits, differential, and the
// power-down bits.
const (
	measureY  = 0x90
	measureZ1 = 0xb0
	measureZ2 = 0xc0
	measureX  = 0xd0

	keepOn  = 0x01 // PD0: the converter stays on between conversions, and PENIRQ off
	powerUp = 0x00 // converter off afterwards, PENIRQ on
)

// maxClock is what 16 clocks a conversion at 125,000 conversions a second
// take, the most the data sheet has (table 2, page 5).
const maxClock = 2 * physic.MegaHertz

// The plan of one look at the glass: pressure before and after, as a finger
// that lifts meanwhile spoils what lies between. The first of each kind is
// thrown away: the plates still settle ("Touch screen settling", option 2,
// page 17). Seven are enough for a median that two wild ones do not move, and 49
// bytes fit the smallest transfer limit.
const (
	samples     = 7
	conversions = 2*4 + 2*(1+samples)
)

var (
	press = []byte{measureZ1, measureZ1, measureZ2, measureZ2}
	plan  = slices.Concat(press,
		slices.Repeat([]byte{measureX}, 1+samples),
		slices.Repeat([]byte{measureY}, 1+samples), press)
)

// What a touch is. A finger that means it is some hundred ohms, a light one
// one to two thousand; glass that is not touched is infinite. One that is
// down stays down while it gets lighter.
const (
	plate    = 400  // ohms of the X plate, as of most resistive panels of 3 to 5 inches
	firm     = 1500 // ohms at most to go down
	light    = 2500 // ohms at most to stay down
	hand     = 80   // ohms: less is more glass than a fingertip presses together
	faint    = 20   // counts of Z1: less is glass that is not touched
	unsteady = 64   // counts between samples, wild ones apart: 1.5 mm on 3.5 inches
	giveUp   = 30   // unsteady looks until it is no finger
	full     = 4095
	lifted   = 2 // looks without pressure until a finger is up: it may bounce
	believed = 9 // times in a row that a pen interrupt is believed which told of the last finger
)

// usual is what panels give at their edges before they are calibrated.
var usual = Range{image.Pt(200, 200), image.Pt(3900, 3900)}

// XPT2046 is a resistive touch controller of Xptek, or an ADS7846 of Texas
// Instruments, which works alike.
type XPT2046 struct {
	conn  spi.Conn
	pen   gpio.PinIn // PENIRQ, low while the glass is touched; may be nil
	w, r  []byte
	down  bool
	quiet int // looks since pressure was felt
	shaky int // looks that were unsteady
	broad int // looks in a row that were too firm for a finger

	told   bool // the pen interrupt told of the last finger
	belief int  // times that it still is believed
}

var _ Chip = (*XPT2046)(nil)

// NewXPT2046 connects to the controller. The pen interrupt may be nil.
func NewXPT2046(port spi.Port, pen gpio.PinIn) (*XPT2046, error) {
	conn, err := port.Connect(maxClock, spi.Mode0, 8)
	if err != nil {
		return nil, fmt.Errorf("connect to an XPT2046: %w", err)
	}
	x := &XPT2046{conn: conn, pen: pen, w: make([]byte, 2*len(plan)+1), r: make([]byte, 2*len(plan)+1)}
	for i, measure := range plan {
		x.w[2*i] = measure | keepOn
	}
	x.w[2*len(plan)-2] = plan[len(plan)-1] | powerUp
	return x, nil
}

// String implements Chip.
func (x *XPT2046) String() string { return "XPT2046 on " + x.conn.String() }

// SetUp implements Chip. The controller holds nothing that could be set; a
// look leaves it with its pen interrupt on.
func (x *XPT2046) SetUp() (Sensor, error) {
	x.down, x.quiet, x.shaky, x.broad, x.told, x.belief = false, 0, 0, 0, false, 0
	pen := listen(x.pen, gpio.PullUp, gpio.FallingEdge)
	if _, err := x.look(); err != nil {
		return Sensor{}, err
	}
	if pen == nil {
		x.pen = nil
	}
	return Sensor{Range: usual, Edge: pen}, nil
}

// Read implements Chip. Where nothing is on the glass the pen interrupt is as
// good as a look, if it works.
func (x *XPT2046) Read() (Report, error) {
	low := x.pen != nil && x.pen.Read() == gpio.Low
	if x.belief > 0 && !x.down && !low {
		x.belief--
		return Report{}, nil
	}
	r, err := x.measure()
	if len(r.Contacts) > 0 {
		x.told = low
	}
	x.belief = 0
	if x.told && err == nil && !x.down {
		x.belief = believed
	}
	return r, err
}

// measure looks for a finger.
func (x *XPT2046) measure() (Report, error) {
	l, err := x.look()
	if err == nil && x.pen != nil && !x.down && !l.pressed(firm) && x.settle() {
		l, err = x.look() // a pen came down meanwhile
	}
	if err != nil {
		return Report{}, err
	}
	return x.judge(l), nil
}

// settle takes away the edges that measuring makes on the pen interrupt ("PENIRQ
// output", page 25), and reports whether the pen is down.
func (x *XPT2046) settle() bool {
	for range len(plan) {
		if !x.pen.WaitForEdge(time.Millisecond) { // 0 may be for ever
			break
		}
	}
	return x.pen.Read() == gpio.Low
}

// judge makes a report of a look.
func (x *XPT2046) judge(l look) Report {
	limit := firm
	if x.down {
		limit = light
	}
	switch {
	case !l.pressed(limit):
		x.shaky, x.broad = 0, 0
		x.quiet++
		if x.down && x.quiet < lifted {
			return Report{Stale: true}
		}
		x.down = false
		return Report{}
	case l.pressed(hand):
		x.broad++ // one alone may be a wild conversion
		return Report{Stale: true, Palm: x.broad > 1}
	case !l.steady:
		x.shaky++
		return Report{Stale: true, Palm: x.shaky > giveUp}
	}
	x.down, x.quiet, x.shaky, x.broad = true, 0, 0, 0
	return Report{Contacts: []Contact{{X: l.at.X, Y: l.at.Y}}}
}

// look is what one look at the glass gives.
type look struct {
	at            image.Point
	before, after float64 // ohms of the touch
	steady        bool
}

func (l look) pressed(ohms int) bool {
	return max(l.before, l.after) <= float64(ohms)
}

// look measures everything once.
func (x *XPT2046) look() (look, error) {
	if err := x.conn.Tx(x.w, x.r); err != nil {
		return look{}, fmt.Errorf("measure with the XPT2046: %w", err)
	}
	return lookOf(x.r)
}

// lookOf reads the answers to the plan: each is 12 bits after a busy bit, in
// the two bytes that follow its control byte.
func lookOf(r []byte) (look, error) {
	if len(r) < 2*len(plan)+1 {
		return look{}, errors.New("the XPT2046 answered too little")
	}
	var all [conversions]int // a list of its own is waste, many times a second
	v := all[:]
	for i := range v {
		v[i] = (int(r[2*i+1])<<8 | int(r[2*i+2])) >> 3 & full
	}
	if slices.Min(v) == full || slices.Max(v) == 0 { // Z2 of untouched glass is near 4095, Z1 near 0
		return look{}, fmt.Errorf("every measurement of the XPT2046 is %d: is it wired to MISO, and its chip select the right one?", v[0])
	}
	before, v := v[:len(press)], v[len(press):]
	x, steadyX := median(v[1 : 1+samples])
	y, steadyY := median(v[2+samples : 2+2*samples])
	after := v[2+2*samples:]
	return look{
		at: image.Pt(x, y), before: ohms(x, before[1], before[3]), after: ohms(x, after[1], after[3]),
		steady: steadyX && steadyY,
	}, nil
}

// median is the middle of the samples, and whether they agree, but for one at
// either end. It sorts them.
func median(v []int) (int, bool) {
	slices.Sort(v)
	n := len(v)
	return v[n/2], v[n-2]-v[1] <= unsteady
}

// ohms is the resistance of a touch (data sheet, "Pressure measurement",
// equation 3, page 20).
func ohms(x, z1, z2 int) float64 {
	if z1 < faint {
		return math.Inf(1)
	}
	return plate * float64(x) / (full + 1) * (float64(z2)/float64(z1) - 1)
}
