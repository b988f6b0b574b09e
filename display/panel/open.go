package panel

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/board"
)

// Config is a panel as a configuration file has it. What is left empty is
// what most terminals have.
type Config struct {
	Driver      string // one of Drivers
	Rotation    int    // degrees clockwise by which the picture is turned: 0, 90, 180 or 270
	SwapColours bool   // where red and blue are the wrong way round

	// Of a panel on a bus.
	Bus      string // SPI port: "/dev/spidev0.0", "SPI0.0"; empty is the first
	DC       string // pin: "GPIO24"
	Reset    string // pin; empty: it is not wired, the panel is reset by command
	ClockMHz int    // 0 is 32
	Invert   bool   // where black shows as white

	// Of a screen that Linux drives.
	Device  string // empty is /dev/fb0, or the first /dev/dri/card* with a screen
	Console string // the text console in a framebuffer: /dev/tty1; empty: there is none

	// Backlight is a pin, of a panel on a bus, or a folder below
	// /sys/class/backlight, or of a channel below /sys/class/pwm. Empty: it is
	// always on. Where it cannot be dimmed the picture is.
	Backlight  string
	Brightness int // in per cent, by day; 0 is 100
	Night      int // by night; 0 is 25

	Log *slog.Logger
}

// The Drivers of a screen that Linux drives. The framebuffer is there for every
// card, unless the kernel was made without CONFIG_DRM_FBDEV_EMULATION.
const (
	framebufferDriver = "framebuffer"
	drmDriver         = "drm"
)

// Drivers are the names that Config.Driver may have.
func Drivers() []string {
	var names []string
	for _, c := range Chips() {
		names = append(names, c.Name)
	}
	return append(names, framebufferDriver, drmDriver)
}

// Open finds a panel's bus and pins by their names, or its framebuffer. The
// program calls periph's host.Init before, once. An error names the setting
// that is wrong, and what to try. Whether a panel is on its bus no program can
// tell.
func Open(c Config) (*Panel, error) {
	p, err := c.open()
	if err != nil {
		return nil, fmt.Errorf("panel: %w", err)
	}
	return p, nil
}

func (c Config) open() (*Panel, error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	switch c.Driver {
	case framebufferDriver:
		return c.openFramebuffer(o)
	case drmDriver:
		return c.openDRM(o)
	}
	at := slices.IndexFunc(Chips(), func(chip Chip) bool { return chip.Name == c.Driver })
	if at < 0 {
		return nil, fmt.Errorf("driver is %q: write one of %s", c.Driver, strings.Join(Drivers(), ", "))
	}
	return c.openChip(Chips()[at], o)
}

// options checks what all panels have in common.
func (c Config) options() (Options, error) {
	o := Options{
		Orientation: Orientation{Rotation: c.Rotation, SwapColours: c.SwapColours, Invert: c.Invert},
		Day:         c.Brightness, Night: c.Night, Log: c.Log,
	}
	if o.Day == 0 {
		o.Day = 100
	}
	if o.Night == 0 {
		o.Night = 25
	}
	switch {
	case !slices.Contains([]int{0, 90, 180, 270}, c.Rotation):
		return o, fmt.Errorf("rotation is %d: write 0, 90, 180 or 270", c.Rotation)
	case o.Day < 1 || o.Day > 100:
		return o, fmt.Errorf("brightness is %d: write 1 to 100 per cent", c.Brightness)
	case o.Night < 1 || o.Night > 100:
		return o, fmt.Errorf("night is %d: write 1 to 100 per cent", c.Night)
	}
	return o, nil
}

func (c Config) openChip(chip Chip, o Options) (*Panel, error) {
	most := int(chip.Clock / physic.MegaHertz)
	if c.ClockMHz < 0 || c.ClockMHz > most {
		return nil, fmt.Errorf("clock_mhz is %d: write 1 to %d for %s; long wires want 16 or less", c.ClockMHz, most, chip.Name)
	}
	o.Clock = physic.Frequency(c.ClockMHz) * physic.MegaHertz
	pins, err := c.pins()
	if err != nil {
		return nil, err
	}
	port, err := board.SPI("bus", c.Bus)
	if err != nil {
		return nil, err
	}
	p, err := New(chip, port, pins, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bus is %q: %w: try a lower clock_mhz, and see whether another program has it", c.Bus, err), port.Close())
	}
	return p, nil
}

// pins finds the pins, no two of them the same.
func (c Config) pins() (Pins, error) {
	var p Pins
	taken := map[gpio.PinIO]string{}
	light := c.Backlight
	if strings.Contains(light, "/") {
		var err error
		if p.Kernel, err = c.openLight(); err != nil {
			return p, err
		}
		light = ""
	}
	for _, wanted := range []struct {
		setting, name string
		pin           *gpio.PinOut
	}{{"dc", c.DC, &p.DC}, {"reset", c.Reset, &p.Reset}, {"backlight", light, &p.Light}} {
		if wanted.name == "" && wanted.pin != &p.DC {
			continue
		}
		found, err := board.Pin(wanted.setting, wanted.name)
		if err != nil {
			return p, err
		}
		if other := taken[found]; other != "" {
			return p, fmt.Errorf("%s and %s are both %q: each has a pin of its own", other, wanted.setting, wanted.name)
		}
		taken[found], *wanted.pin = wanted.setting, found
	}
	return p, nil
}

func (c Config) openFramebuffer(o Options) (*Panel, error) {
	light, err := c.openLight()
	if err != nil {
		return nil, err
	}
	path := c.Device
	if path == "" {
		path = "/dev/fb0"
	}
	const try = "see which /dev/fb* there are, and who may open them, usually the group video"
	screen, err := openDevice(path)
	if err != nil {
		return nil, fmt.Errorf("device is %q: %w: %s", path, err, try)
	}
	console, err := c.openConsole()
	if err != nil {
		return nil, errors.Join(err, screen.Close())
	}
	p, err := newFramebuffer(path, screen, console, light, o)
	if err == nil {
		return p, nil
	}
	if console != nil {
		err = errors.Join(err, console.Close())
	}
	return nil, errors.Join(fmt.Errorf("device is %q: %w: %s", path, err, try), screen.Close())
}

// openDRM opens the device that is named, or the first that has a screen:
// where drawing and showing are two chips, the drawing one has none.
func (c Config) openDRM(o Options) (*Panel, error) {
	light, err := c.openLight()
	if err != nil {
		return nil, err
	}
	paths := []string{c.Device}
	if c.Device == "" {
		if paths, err = filepath.Glob("/dev/dri/card*"); err != nil {
			return nil, err
		}
	}
	var errs []error
	for _, path := range paths {
		p, err := openCard(path, light, o)
		if err == nil {
			return p, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("device is %q: %w: see which /dev/dri/card* there are, and who may open them, usually the group video",
		c.Device, errors.Join(append(errs, errors.New("no screen is found"))...))
}

func openCard(path string, light *Backlight, o Options) (*Panel, error) {
	device, err := openDevice(path)
	if err != nil {
		return nil, err
	}
	p, err := newDRM(path, device, light, o)
	if err != nil {
		return nil, errors.Join(err, device.Close())
	}
	return p, nil
}

func (c Config) openLight() (*Backlight, error) {
	if c.Backlight == "" {
		return nil, nil
	}
	light, err := openBacklight(c.Backlight)
	if err != nil {
		return nil, fmt.Errorf("backlight is %q: %w: write a folder below /sys/class/backlight, or of a channel below /sys/class/pwm, or leave it out", c.Backlight, err)
	}
	return light, nil
}

func (c Config) openConsole() (Device, error) {
	if c.Console == "" {
		return nil, nil
	}
	console, err := openDevice(c.Console)
	if err != nil {
		return nil, fmt.Errorf("console is %q: %w: write /dev/tty1 and see who may open it, usually the group tty; or leave it out", c.Console, err)
	}
	return console, nil
}
