package panel

import (
	"time"

	"periph.io/x/conn/v3/physic"
)

// Chips are the controllers there are drivers for. What an Init sets (power,
// VCOM, gamma, frame rate) belongs to the glass and not to the chip: these are
// the values its makers ship, under the names of the datasheets.
func Chips() []Chip { return []Chip{ILI9341(), ST7789(), ST7796(), HX8357D(), ILI9488()} }

// ILI9341 is the usual 2.4 to 3.2 inch panel (Ilitek, ILI9341 V1.11: level 2
// commands; CFh, EDh, E8h, CBh, F7h and EAh: extended registers).
func ILI9341() Chip {
	return Chip{
		Name: "ili9341", Width: 240, Height: 320, Bits: 16, Clock: 75 * physic.MegaHertz, Upright: madMX | madBGR,
		Init: []Command{
			{Op: 0xcf, Data: []byte{0x00, 0xc1, 0x30}},
			{Op: 0xed, Data: []byte{0x64, 0x03, 0x12, 0x81}},
			{Op: 0xe8, Data: []byte{0x85, 0x00, 0x78}},
			{Op: 0xcb, Data: []byte{0x39, 0x2c, 0x00, 0x34, 0x02}},
			{Op: 0xf7, Data: []byte{0x20}},
			{Op: 0xea, Data: []byte{0x00, 0x00}},
			{Op: 0xc0, Data: []byte{0x23}},             // PWCTRL1: GVDD 4.6 V
			{Op: 0xc1, Data: []byte{0x10}},             // PWCTRL2
			{Op: 0xc5, Data: []byte{0x3e, 0x28}},       // VMCTRL1
			{Op: 0xc7, Data: []byte{0x86}},             // VMCTRL2
			{Op: 0xb1, Data: []byte{0x00, 0x18}},       // FRMCTR1: 79 Hz
			{Op: 0xb6, Data: []byte{0x08, 0x82, 0x27}}, // DISCTRL
			{Op: 0xf2, Data: []byte{0x00}},             // 3-gamma off
			{Op: 0x26, Data: []byte{0x01}},             // GAMSET: curve 1
			{Op: 0xe0, Data: []byte{0x0f, 0x31, 0x2b, 0x0c, 0x0e, 0x08, 0x4e, 0xf1, 0x37, 0x07, 0x10, 0x03, 0x0e, 0x09, 0x00}}, // PGAMCTRL
			{Op: 0xe1, Data: []byte{0x00, 0x0e, 0x14, 0x03, 0x11, 0x07, 0x31, 0xc1, 0x48, 0x08, 0x0f, 0x0c, 0x31, 0x36, 0x0f}}, // NGAMCTRL
		},
	}
}

// ST7789 is the usual IPS panel of this size (Sitronix, ST7789V V1.3, 9.2:
// system function command table 2).
func ST7789() Chip {
	return Chip{
		Name: "st7789", Width: 240, Height: 320, Bits: 16, Clock: 75 * physic.MegaHertz, Inverted: true,
		Init: []Command{
			{Op: 0xb2, Data: []byte{0x0c, 0x0c, 0x00, 0x33, 0x33}}, // PORCTRL
			{Op: 0xb7, Data: []byte{0x35}},                         // GCTRL
			{Op: 0xbb, Data: []byte{0x19}},                         // VCOMS
			{Op: 0xc0, Data: []byte{0x2c}},                         // LCMCTRL
			{Op: 0xc2, Data: []byte{0x01}},                         // VDVVRHEN
			{Op: 0xc3, Data: []byte{0x12}},                         // VRHS
			{Op: 0xc4, Data: []byte{0x20}},                         // VDVS
			{Op: 0xc6, Data: []byte{0x0f}},                         // FRCTRL2: 60 Hz
			{Op: 0xd0, Data: []byte{0xa4, 0xa1}},                   // PWCTRL1
			{Op: 0xe0, Data: []byte{0xd0, 0x04, 0x0d, 0x11, 0x13, 0x2b, 0x3f, 0x54, 0x4c, 0x18, 0x0d, 0x0b, 0x1f, 0x23}}, // PVGAMCTRL
			{Op: 0xe1, Data: []byte{0xd0, 0x04, 0x0c, 0x11, 0x13, 0x2c, 0x3f, 0x44, 0x51, 0x2f, 0x1f, 0x1f, 0x20, 0x23}}, // NVGAMCTRL
		},
	}
}

// ST7796 is the 3.5 and 4 inch panel (Sitronix, ST7796S V1.0, 9.3: command
// table 2, which CSCON unlocks and locks again).
func ST7796() Chip {
	return Chip{
		Name: "st7796", Width: 320, Height: 480, Bits: 16, Clock: 60 * physic.MegaHertz, Upright: madMX | madBGR,
		Init: []Command{
			{Op: 0xf0, Data: []byte{0xc3}},                                           // CSCON
			{Op: 0xf0, Data: []byte{0x96}},                                           // CSCON
			{Op: 0xb4, Data: []byte{0x01}},                                           // DIC: 1-dot inversion
			{Op: 0xb6, Data: []byte{0x80, 0x02, 0x3b}},                               // DFC: 480 lines
			{Op: 0xe8, Data: []byte{0x40, 0x8a, 0x00, 0x00, 0x29, 0x19, 0xa5, 0x33}}, // DOCA
			{Op: 0xc1, Data: []byte{0x06}},                                           // PWR2
			{Op: 0xc2, Data: []byte{0xa7}},                                           // PWR3
			{Op: 0xc5, Data: []byte{0x18}},                                           // VCMPCTL
			{Op: 0xe0, Data: []byte{0xf0, 0x09, 0x0b, 0x06, 0x04, 0x15, 0x2f, 0x54, 0x42, 0x3c, 0x17, 0x14, 0x18, 0x1b}}, // PGC
			{Op: 0xe1, Data: []byte{0xe0, 0x09, 0x0b, 0x06, 0x04, 0x03, 0x2b, 0x43, 0x42, 0x3b, 0x16, 0x14, 0x17, 0x1b}}, // NGC
			{Op: 0xf0, Data: []byte{0x3c}}, // CSCON
			{Op: 0xf0, Data: []byte{0x69}}, // CSCON
		},
	}
}

// HX8357D is the 3.5 inch panel (Himax, HX8357-D00: user defined commands,
// which SETEXTC unlocks).
func HX8357D() Chip {
	gamma := []byte{0x02, 0x0a, 0x11, 0x1d, 0x23, 0x35, 0x41, 0x4b, 0x4b, 0x42, 0x3a, 0x27, 0x1b, 0x08, 0x09, 0x03}
	return Chip{
		Name: "hx8357d", Width: 320, Height: 480, Bits: 16, Clock: 60 * physic.MegaHertz, Upright: madMX | madMY,
		Init: []Command{
			{Op: 0xb9, Data: []byte{0xff, 0x83, 0x57}, Wait: 150 * time.Millisecond},           // SETEXTC
			{Op: 0xb3, Data: []byte{0x80, 0x00, 0x06, 0x06}},                                   // SETRGB
			{Op: 0xb6, Data: []byte{0x25}},                                                     // SETCOM: -1.52 V
			{Op: 0xb0, Data: []byte{0x68}},                                                     // SETOSC: 70 Hz
			{Op: 0xcc, Data: []byte{0x05}},                                                     // SETPANEL
			{Op: 0xb1, Data: []byte{0x00, 0x15, 0x1c, 0x1c, 0x83, 0xaa}},                       // SETPOWER
			{Op: 0xc0, Data: []byte{0x50, 0x50, 0x01, 0x3c, 0x1e, 0x08}},                       // SETSTBA
			{Op: 0xb4, Data: []byte{0x02, 0x40, 0x00, 0x2a, 0x2a, 0x0d, 0x78}},                 // SETCYC
			{Op: 0xe0, Data: append(append(append([]byte{}, gamma...), gamma...), 0x00, 0x01)}, // SETGAMMA
		},
	}
}

// ILI9488 is the cheapest 3.5 inch panel. On a serial bus it takes 18 bits a
// pixel and no other colours (Ilitek, ILI9488 V1.0, DBI type C, page 121).
func ILI9488() Chip {
	return Chip{
		Name: "ili9488", Width: 320, Height: 480, Bits: 18, Clock: 60 * physic.MegaHertz, Upright: madMX | madBGR,
		Init: []Command{
			{Op: 0xe0, Data: []byte{0x00, 0x03, 0x09, 0x08, 0x16, 0x0a, 0x3f, 0x78, 0x4c, 0x09, 0x0a, 0x08, 0x16, 0x1a, 0x0f}}, // PGAMCTRL
			{Op: 0xe1, Data: []byte{0x00, 0x16, 0x19, 0x03, 0x0f, 0x05, 0x32, 0x45, 0x46, 0x04, 0x0e, 0x0d, 0x35, 0x37, 0x0f}}, // NGAMCTRL
			{Op: 0xc0, Data: []byte{0x17, 0x15}},             // power control 1
			{Op: 0xc1, Data: []byte{0x41}},                   // power control 2
			{Op: 0xc5, Data: []byte{0x00, 0x12, 0x80}},       // VCOM control
			{Op: 0xb0, Data: []byte{0x00}},                   // interface mode: four wires
			{Op: 0xb1, Data: []byte{0xa0}},                   // frame rate: 60 Hz
			{Op: 0xb4, Data: []byte{0x02}},                   // 2-dot inversion
			{Op: 0xb6, Data: []byte{0x02, 0x02, 0x3b}},       // display function: 480 lines
			{Op: 0xb7, Data: []byte{0xc6}},                   // entry mode
			{Op: 0xf7, Data: []byte{0xa9, 0x51, 0x2c, 0x82}}, // adjust control 3
		},
	}
}
