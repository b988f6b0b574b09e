// Package paneltest has models of panels: what a controller's datasheet says,
// as a program. A model takes the place of the SPI port and the lines, keeps
// pictures as the eye would see them, and complains of every broken rule.
//
// Its words: a [Module] is a panel as sold, a controller with its glass; a
// complaint is a rule of the datasheet that was not kept, or a clock beyond
// [Module.Clock]; traffic is what went over the bus.
//
// Time is that of package time: in a testing/synctest bubble waits cost
// nothing and are measured all the same.
package paneltest

import "periph.io/x/conn/v3/physic"

// Module is a controller with its glass.
type Module struct {
	Name          string
	Width, Height int // upright
	Bits          int // of a pixel over a serial bus

	// Clock is the one limit here that is no rule of the datasheet. Those want
	// serial write cycles of 50 to 100 ns, 10 to 20 MHz; in practice such panels
	// are driven at several times that (fbcp-ili9341: 73 MHz for 240x320, 52 for
	// 320x480). It says what panel.Chip says of itself, so a model finds a driver
	// that goes past its own word, and not one that is too fast for the glass.
	Clock physic.Frequency

	MirrorX, MirrorY bool // the glass is wired from the other side
	BGR              bool // the colours of the glass come in this order
	Inverted         bool // a pixel of zeroes is white unless INVON

	// Own are the controller's own commands, and how many parameters each
	// takes. Keys unlock them: the parameters of Key that have to come first.
	Own  map[byte]int
	Key  byte
	Keys [][]byte
}

// Modules are the panels that there are models of.
func Modules() []Module {
	return []Module{
		{
			Name: "ili9341", Width: 240, Height: 320, Bits: 16, Clock: 75 * physic.MegaHertz, MirrorX: true, BGR: true,
			Own: map[byte]int{0xb1: 2, 0xb6: 3, 0xc0: 1, 0xc1: 1, 0xc5: 2, 0xc7: 1, 0xcb: 5, 0xcf: 3, 0xe0: 15, 0xe1: 15,
				0xe8: 3, 0xea: 2, 0xed: 4, 0xf2: 1, 0xf7: 1},
		},
		{
			Name: "st7789", Width: 240, Height: 320, Bits: 16, Clock: 75 * physic.MegaHertz, Inverted: true,
			Own: map[byte]int{0xb2: 5, 0xb7: 1, 0xbb: 1, 0xc0: 1, 0xc2: 1, 0xc3: 1, 0xc4: 1, 0xc6: 1, 0xd0: 2, 0xe0: 14, 0xe1: 14},
		},
		{
			Name: "st7796", Width: 320, Height: 480, Bits: 16, Clock: 60 * physic.MegaHertz, MirrorX: true, BGR: true,
			Own: map[byte]int{0xb4: 1, 0xb6: 3, 0xc1: 1, 0xc2: 1, 0xc5: 1, 0xe0: 14, 0xe1: 14, 0xe8: 8},
			Key: 0xf0, Keys: [][]byte{{0xc3}, {0x96}},
		},
		{
			Name: "hx8357d", Width: 320, Height: 480, Bits: 16, Clock: 60 * physic.MegaHertz, MirrorX: true, MirrorY: true,
			Own: map[byte]int{0xb0: 1, 0xb1: 6, 0xb3: 4, 0xb4: 7, 0xb6: 1, 0xc0: 6, 0xcc: 1, 0xe0: 34},
			Key: 0xb9, Keys: [][]byte{{0xff, 0x83, 0x57}},
		},
		{
			Name: "ili9488", Width: 320, Height: 480, Bits: 18, Clock: 60 * physic.MegaHertz, MirrorX: true, BGR: true,
			Own: map[byte]int{0xb0: 1, 0xb1: 1, 0xb4: 1, 0xb6: 3, 0xb7: 1, 0xc0: 2, 0xc1: 1, 0xc5: 3, 0xe0: 15, 0xe1: 15, 0xf7: 4},
		},
	}
}

// Commands of MIPI DCS.
const (
	nop     = 0x00
	swreset = 0x01
	slpin   = 0x10
	slpout  = 0x11
	noron   = 0x13
	invoff  = 0x20
	invon   = 0x21
	gamset  = 0x26
	dispoff = 0x28
	dispon  = 0x29
	caset   = 0x2a
	paset   = 0x2b
	ramwr   = 0x2c
	madctl  = 0x36
	colmod  = 0x3a
	ramwrc  = 0x3c
)

// pixels stands for a command with any number of whole pixels.
const pixels = -1

// common are the commands that all controllers share, with how many
// parameters each takes.
var common = map[byte]int{
	nop: 0, swreset: 0, slpin: 0, slpout: 0, noron: 0, invoff: 0, invon: 0, gamset: 1, dispoff: 0, dispon: 0,
	caset: 4, paset: 4, ramwr: pixels, madctl: 1, colmod: 1, ramwrc: pixels,
}

// takes is how many parameters a command takes.
func (m Module) takes(op byte) (n int, known bool) {
	if len(m.Keys) > 0 && op == m.Key {
		return len(m.Keys[0]), true
	}
	if n, own := m.Own[op]; own {
		return n, true
	}
	n, known = common[op]
	return n, known
}
