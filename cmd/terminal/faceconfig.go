package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"unlockpoint/display/front"
	"unlockpoint/display/keypad"
	"unlockpoint/display/panel"
	"unlockpoint/display/touch"
)

type panelConfig struct {
	Driver string  `toml:"driver"`
	Listen string  `toml:"listen"`
	Width  int     `toml:"width"`
	Height int     `toml:"height"`
	PPMM   float64 `toml:"pixels_per_mm"`
	Veil   int     `toml:"veil_s"`
	Saver  int     `toml:"saver_s"`

	Rotation    int    `toml:"rotation"`
	Device      string `toml:"device"`
	Console     string `toml:"console"`
	Bus         string `toml:"bus"`
	DC          string `toml:"dc"`
	Reset       string `toml:"reset"`
	ClockMHz    int    `toml:"clock_mhz"`
	SwapColours bool   `toml:"swap_colours"`
	Invert      bool   `toml:"invert"`
	Backlight   string `toml:"backlight"`
	Brightness  int    `toml:"brightness"`
	Night       int    `toml:"night"`
	NightFrom   int    `toml:"night_from"`
	NightTo     int    `toml:"night_to"`
	Sleep       int    `toml:"sleep_s"`
	NightSleep  int    `toml:"night_sleep_s"`
}

type touchConfig struct {
	Driver      string `toml:"driver"`
	Name        string `toml:"name"`
	Bus         string `toml:"bus"`
	Address     int    `toml:"address"`
	Interrupt   string `toml:"interrupt"`
	Reset       string `toml:"reset"`
	Mirror      bool   `toml:"mirror"`
	Calibration string `toml:"calibration"`
}

type keysConfig struct {
	Driver    string   `toml:"driver"`
	Name      string   `toml:"name"`
	Pads      string   `toml:"pads"`
	Keyboard  string   `toml:"keyboard"`
	Rows      []string `toml:"rows"`
	Columns   []string `toml:"columns"`
	Bus       string   `toml:"bus"`
	Address   int      `toml:"address"`
	Interrupt string   `toml:"interrupt"`
	Layout    []string `toml:"layout"`
	Double    int      `toml:"double_ms"`
}

type signalConfig struct {
	Beeper  string `toml:"beeper"`
	Tone    int    `toml:"tone"`
	Lamp    string `toml:"lamp"`
	LampLow bool   `toml:"lamp_low"`
}

// The drivers that are no chips.
const (
	noDriver      = "none"
	browserDriver = "browser"
	evdevDriver   = "evdev"
)

// exampleFace is the part of the example about panel, touch and keys.
const exampleFace = `[panel]
# browser: a page on a loopback address, with touch and keys of its own.
# framebuffer: a screen that Linux drives, by DSI or HDMI; drm: the same, where
# the kernel has no framebuffer. ili9341, st7789, st7796, hx8357d, ili9488: a
# panel on an SPI bus. "terminal hardware" lists what there is, and proposes what
# to write.
driver = "browser"
# Of the browser.
listen = "127.0.0.1:8090"
width = 800
height = 480
# Of any: 5.22 is a 7 inch panel of 800x480, 6.45 a 3.5 inch one of 480x320.
pixels_per_mm = 5.22
# After so many seconds without a touch a page that others should not read is
# covered, until the next touch or key. 0: never.
veil_s = 10
# After so many seconds without one a page that waits for a card gives way to a
# few words on a dark panel, which wander; a touch, a key or a card brings it
# back. 0: never.
saver_s = 300
# Of any but the browser: by how many degrees the picture is turned clockwise,
# and how bright it is, in per cent, by day and by night.
rotation = 0
brightness = 100
night = 25
# The hours of the night by the machine's clock, 0 to 23; the same twice: never.
night_from = 21
night_to = 6
# After so many seconds without a touch, a key or a card the panel sleeps, by day
# and by night; the first touch only wakes it. 0: never. The saver comes first.
sleep_s = 0
night_sleep_s = 0
swap_colours = false
# A pin, of a panel on a bus; or a folder below /sys/class/backlight, or of a
# channel below /sys/class/pwm. Empty: always on. Where it cannot be dimmed the
# picture is.
backlight = ""
# Of a screen that Linux drives. Without a device it is /dev/fb0, or of drm the
# first /dev/dri/card* with a screen. The console is the text console in the same
# framebuffer.
device = ""
console = "/dev/tty1"
# Of a panel on a bus: its SPI port, the pins data/command and reset, by names
# such as "GPIO24". Without a bus the first one is taken; reset may be empty.
bus = ""
dc = ""
reset = ""
clock_mhz = 32
invert = false

[touch]
# none, evdev (whatever the kernel drives), xpt2046, ft6336 or gt911.
driver = "none"
# Of evdev: which devices, with * and ?.
name = "*"
# Of a chip.
bus = ""
address = 0
interrupt = ""
reset = ""
# Of any: where the glass counts from the right.
mirror = false
# Of an xpt2046: the file that "terminal calibrate" writes. Empty: touch.json in
# the data folder. Until there is one, its edges are taken to be the usual ones.
calibration = ""

[keys]
# none, evdev (USB keypads and keyboards), gpio (a matrix on pins) or mcp23017.
driver = "none"
# Of evdev: which devices; which of them are pads though they say that they have
# letters; and what is printed on keyboards, uk or us.
name = "*"
pads = ""
keyboard = "uk"
# Of a matrix: its pins from top to bottom and from left to right, and the keys
# of each row, such as "1 2 3 Cancel". Without a layout, that of telephones for
# 3x4 and of cash machines for 4x4.
rows = []
columns = []
layout = []
# Of an mcp23017.
bus = ""
address = 0
interrupt = ""
# Of any: for so many milliseconds the same key once more is not meant. Where
# hands tremble write 500; letters by pressing a key again and again, which has
# to be done within 1,200, get slower by that. 0: each press counts.
double_ms = 0

[signal]
# Pins of a beeper and a lamp, if there are any. The tone is in Hz; 0 is a buzzer
# that sounds by itself.
beeper = ""
tone = 0
lamp = ""
lamp_low = false
`

// checkFace names the first setting about panel, touch and keys that is wrong;
// the packages that drive them look at the rest.
func (c config) checkFace() error {
	p := c.Panel
	switch drivers := append([]string{browserDriver}, panel.Drivers()...); {
	case !slices.Contains(drivers, p.Driver):
		return oneOf("panel.driver", p.Driver, drivers)
	case min(p.Width, p.Height) < 240 || max(p.Width, p.Height) > 4096:
		return fmt.Errorf("panel is %dx%d pixels: width and height go from 240 to 4096", p.Width, p.Height)
	case p.PPMM < 2 || p.PPMM > 20:
		return fmt.Errorf("panel.pixels_per_mm is %g: write a number from 2 to 20, such as 5.22", p.PPMM)
	case p.NightFrom < 0 || p.NightFrom > 23 || p.NightTo < 0 || p.NightTo > 23:
		return fmt.Errorf("panel.night_from is %d and panel.night_to %d: write hours from 0 to 23", p.NightFrom, p.NightTo)
	case p.Veil < 0 || p.Veil > 600:
		return fmt.Errorf("panel.veil_s is %d: write 0 to 600 seconds, such as 10", p.Veil)
	case c.Keys.Double < 0 || c.Keys.Double > 1000:
		return fmt.Errorf("keys.double_ms is %d: write 0 to 1000 milliseconds, such as 500", c.Keys.Double)
	case p.Saver < 0 || p.Saver > 86400:
		return fmt.Errorf("panel.saver_s is %d: write 0 to 86400 seconds, such as 300", p.Saver)
	case p.Sleep < 0 || p.NightSleep < 0 || p.Sleep > 86400 || p.NightSleep > 86400:
		return fmt.Errorf("panel.sleep_s is %d and panel.night_sleep_s %d: write 0 to 86400 seconds, such as 1800", p.Sleep, p.NightSleep)
	case p.Saver == 0 && (p.Sleep > 0 || p.NightSleep > 0):
		return errors.New("panel.saver_s is 0: a panel that is to sleep has a saver first, write such as 300")
	}
	touches := []string{noDriver, evdevDriver, touch.NameXPT2046, touch.NameFT6336, touch.NameGT911}
	keys := []string{noDriver, evdevDriver, keypad.GPIO, keypad.MCP23017}
	switch {
	case !slices.Contains(touches, c.Touch.Driver):
		return oneOf("touch.driver", c.Touch.Driver, touches)
	case !slices.Contains(keys, c.Keys.Driver):
		return oneOf("keys.driver", c.Keys.Driver, keys)
	case c.Touch.Driver == evdevDriver && c.Touch.Name == "":
		return errors.New("touch.name is empty, which would mean no device: write \"*\" for any, or a part of its name with *")
	case c.Keys.Driver == evdevDriver && c.Keys.Name == "":
		return errors.New("keys.name is empty, which would mean no device: write \"*\" for any, or a part of its name with *")
	case c.Touch.Address < 0 || c.Touch.Address > 0x7f:
		return fmt.Errorf("touch.address is %#x: an I2C bus has 0x08 to 0x77; 0 is whichever answers", c.Touch.Address)
	case p.Driver == browserDriver:
		return loopback("panel.listen", p.Listen)
	case c.Touch.Driver == noDriver && c.Keys.Driver == noDriver:
		return errors.New("touch.driver and keys.driver are both none: nobody could press anything, name one")
	}
	return nil
}

// patience is how long pages stand untouched.
func (c panelConfig) patience() front.Patience {
	return front.Patience{Veil: time.Duration(c.Veil) * time.Second, Saver: time.Duration(c.Saver) * time.Second}
}

func oneOf(setting, is string, all []string) error {
	return fmt.Errorf("%s is %q: write one of %s", setting, is, strings.Join(all, ", "))
}
