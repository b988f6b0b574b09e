package panel

import (
	"time"

	"periph.io/x/conn/v3/physic"
)

// Chip is a panel's controller, and the glass it is usually sold with. All of
// them speak MIPI DCS and differ in what stands here.
type Chip struct {
	Name          string
	Width, Height int // of the glass, upright
	Bits          int // of a pixel on the wire: 16 in two bytes, 18 in three

	// Clock is the fastest that panels are known to take pixels at. The
	// datasheets' serial write cycles allow 10 MHz (ILI9341) to 20 MHz
	// (ILI9488 V1.0, 17.4.3) only, and long wires want no more.
	Clock physic.Frequency

	// Upright is MADCTL for a picture the right way up and with the right
	// colours: how the glass is wired to the controller.
	Upright byte

	// Inverted says that the glass wants INVON to show white as white.
	Inverted bool

	Init []Command // what differs from the chip's own defaults, after sleep out
}

// Command is one command of an Init.
type Command struct {
	Op   byte
	Data []byte
	Wait time.Duration // before the next
}

// Commands of MIPI DCS, by the names the datasheets of all five chips have
// for them (ILI9341 V1.11, 8.2). The ST7789's, in the copy of its datasheet at
// rhydolabz.com/documents/33/ST7789.pdf, as the drivers for PineTime and BL602
// cite it: SWRESET page 163, SLPOUT 184, INVOFF 188, INVON 190, DISPON 196,
// CASET 198, RASET 200, RAMWR 202, MADCTL 215, COLMOD 224.
const (
	swreset = 0x01
	slpin   = 0x10
	slpout  = 0x11
	invoff  = 0x20
	invon   = 0x21
	dispoff = 0x28
	dispon  = 0x29
	caset   = 0x2a
	paset   = 0x2b
	ramwr   = 0x2c
	madctl  = 0x36
	colmod  = 0x3a
)

// Bits of MADCTL.
const (
	madMY  = 0x80 // rows from below
	madMX  = 0x40 // columns from the right
	madMV  = 0x20 // rows and columns exchanged
	madBGR = 0x08
)

// What the datasheets have to be waited for (ILI9341 V1.11: 8.2.11 Enter Sleep
// Mode, page 100; 8.2.12 Sleep Out, page 101; Reset Timing). Some allow a
// command 5 ms after sleep out; 120 ms are right for all.
const (
	resetPulse  = time.Millisecond // at least 10 us
	afterReset  = 120 * time.Millisecond
	afterSlpout = 120 * time.Millisecond
	afterSlpin  = 120 * time.Millisecond // 5 ms for a command, 120 ms for a sleep out: nobody waits for a dark panel
)

// turns are the bits of MADCTL that turn a picture clockwise by 0, 90, 180
// and 270 degrees, whatever the chip's Upright is.
var turns = [4]byte{0, madMV | madMX, madMX | madMY, madMV | madMY}

// colmods are COLMOD by the bits of a pixel.
var colmods = map[int]byte{16: 0x55, 18: 0x66}

// setup is all commands that make a chip what it is to be.
func (c Chip) setup(o Orientation) []Command {
	mad := c.Upright ^ turns[o.quarters()]
	if o.SwapColours {
		mad ^= madBGR
	}
	inversion := byte(invoff)
	if c.Inverted != o.Invert {
		inversion = invon
	}
	return append(append([]Command{}, c.Init...),
		Command{Op: colmod, Data: []byte{colmods[c.Bits]}},
		Command{Op: madctl, Data: []byte{mad}},
		Command{Op: inversion})
}

// Orientation is how a panel is mounted and what its glass is like.
type Orientation struct {
	Rotation    int  // degrees clockwise by which the picture is turned: 0, 90, 180 or 270
	SwapColours bool // red and blue, where they are the wrong way round
	Invert      bool // where black shows as white
}

func (o Orientation) quarters() int { return o.Rotation / 90 & 3 }
