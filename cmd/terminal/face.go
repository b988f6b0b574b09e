package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"net"
	"time"

	panels "periph.io/x/conn/v3/display"
	"periph.io/x/host/v3"

	"unlockpoint/device/appliance"
	"unlockpoint/device/health"
	"unlockpoint/display"
	"unlockpoint/display/browser"
	"unlockpoint/display/evdev"
	"unlockpoint/display/front"
	"unlockpoint/display/keypad"
	"unlockpoint/display/layout"
	"unlockpoint/display/mend"
	"unlockpoint/display/panel"
	"unlockpoint/display/signal"
	"unlockpoint/display/touch"
	"unlockpoint/sync/socket"
)

// face is what people stand in front of: a panel, what they touch and press,
// and what they hear.
type face struct {
	drawer  panels.Drawer
	lit     <-chan struct{} // see panel.Lit
	beeper  appliance.Beeper
	lamp    appliance.Lamp
	screen  layout.Screen
	speaker front.Speaker // nil for none
	headset <-chan bool
	asked   bool // for speech without a headset
	events  chan display.Event
	double  time.Duration // see keysConfig
	said    *front.Front  // nil: something else draws
	health  []appliance.Part
	where   string // for the log
	parts   []part
}

// part runs until ctx ends.
type part func(ctx context.Context) error

// source is something that people touch or press.
type source interface {
	Events() <-chan display.Event
	Run(ctx context.Context) error
}

// newFace opens what the configuration names. Nothing runs before its parts.
func newFace(c config, log *slog.Logger) (*face, error) {
	f := &face{events: make(chan display.Event), double: time.Duration(c.Keys.Double) * time.Millisecond}
	if err := f.addSpeech(c.Speech, evdev.Dir("/dev/input"), log); err != nil {
		return nil, err
	}
	if c.Panel.Driver == browserDriver {
		return f, f.addBrowser(c.Panel)
	}
	if _, err := host.Init(); err != nil {
		return nil, fmt.Errorf("find the board's pins and buses: %w", err)
	}
	if err := f.addPanel(c.Panel, log); err != nil {
		return nil, err
	}
	if err := f.addSources(c, log); err != nil {
		return nil, err
	}
	return f, f.addSignal(c.Signal, log)
}

func (f *face) addBrowser(c panelConfig) error {
	if err := f.measure(image.Pt(c.Width, c.Height), c.PPMM); err != nil {
		return err
	}
	p := browser.New(c.Width, c.Height)
	web, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("panel.listen: %w", err)
	}
	f.drawer, f.beeper = p, p
	f.where = "http://" + web.Addr().String()
	f.parts = append(f.parts,
		func(ctx context.Context) error { return socket.Serve(ctx, web, p) },
		func(ctx context.Context) error { return f.pass(ctx, p.Events()) })
	return nil
}

func (f *face) addPanel(c panelConfig, log *slog.Logger) error {
	p, err := panel.Open(panel.Config{
		Driver: c.Driver, Rotation: c.Rotation, SwapColours: c.SwapColours,
		Bus: c.Bus, DC: c.DC, Reset: c.Reset, ClockMHz: c.ClockMHz, Invert: c.Invert,
		Device: c.Device, Console: c.Console,
		Backlight: c.Backlight, Brightness: c.Brightness, Night: c.Night, Log: log,
	})
	if err != nil {
		return err
	}
	if err := f.measure(p.Bounds().Size(), c.PPMM); err != nil {
		return err
	}
	f.drawer, f.lit, f.where = p, p.Lit(), p.String()
	f.fails(health.Panel, p)
	f.parts = append(f.parts,
		func(ctx context.Context) error { return f.shows(ctx, p) },
		func(ctx context.Context) error { return dim(ctx, p, c, f.alone()) })
	return nil
}

// fails adds a part that says how it is.
func (f *face) fails(name health.PartName, how interface{ State(time.Time) mend.State }) {
	f.health = append(f.health, appliance.Part{Name: name, How: how})
}

// measure refuses a panel that has no room for the pages.
func (f *face) measure(size image.Point, ppmm float64) error {
	f.screen = layout.Screen{Width: size.X, Height: size.Y, PPMM: ppmm}
	if !f.screen.Holds() {
		return fmt.Errorf("panel.pixels_per_mm is %g: so %dx%d pixels are %.0f by %.0f mm, and the pages need %g by %g mm (2.8 inches): measure the glass, or take a larger panel",
			ppmm, size.X, size.Y, float64(size.X)/ppmm, float64(size.Y)/ppmm, layout.LeastShort, layout.LeastLong)
	}
	return nil
}

// addSources opens what is touched and pressed. Devices of the kernel are one
// source, whatever they are for.
func (f *face) addSources(c config, log *slog.Logger) error {
	size := image.Pt(f.screen.Width, f.screen.Height)
	glass := c.touch(size, log)
	kernel := evdev.Config{Panel: size, Orientation: glass.Orientation, Pads: c.Keys.Pads, Layout: evdev.Layout(c.Keys.Keyboard), Log: log}
	var opened []func() (source, error)
	switch c.Touch.Driver {
	case noDriver:
	case evdevDriver:
		kernel.Touch = c.Touch.Name
	default:
		opened = append(opened, func() (source, error) {
			s, err := touch.Open(glass)
			f.fails(health.Touch, s)
			return s, err
		})
	}
	switch c.Keys.Driver {
	case noDriver:
	case evdevDriver:
		kernel.Keys = c.Keys.Name
	default:
		opened = append(opened, func() (source, error) {
			k, err := keypad.Open(keypad.Config{
				Kind: c.Keys.Driver, Rows: c.Keys.Rows, Columns: c.Keys.Columns,
				Bus: c.Keys.Bus, Address: c.Keys.Address, Interrupt: c.Keys.Interrupt, Layout: c.Keys.Layout, Log: log,
			})
			f.fails(health.Keypad, k)
			return k, err
		})
	}
	if kernel.Touch != "" || kernel.Keys != "" {
		opened = append(opened, func() (source, error) {
			s, err := evdev.Open(kernel)
			if err == nil && s.Touch != nil {
				f.fails(health.Touch, s.Touch)
			}
			if err == nil && s.Keys != nil {
				f.fails(health.Keypad, s.Keys)
			}
			return s, err
		})
	}
	for _, open := range opened {
		s, err := open()
		if err != nil {
			return err
		}
		f.parts = append(f.parts, s.Run, func(ctx context.Context) error { return f.pass(ctx, s.Events()) })
	}
	return nil
}

func (f *face) addSignal(c signalConfig, log *slog.Logger) error {
	s, err := signal.Open(signal.Config{Beeper: c.Beeper, Tone: c.Tone, Lamp: c.Lamp, LampLow: c.LampLow, Log: log})
	if err != nil {
		return err
	}
	f.beeper, f.lamp = s, s
	f.parts = append(f.parts, s.Run)
	return nil
}

// before is what runs once there are pages to be shown.
func (f *face) before(said *front.Front) []part {
	f.said = said
	return f.parts
}

// shows runs the panel, from the first page on: to send a black one before takes
// as long, and whoever stands there would wait for it.
func (f *face) shows(ctx context.Context, p *panel.Panel) error {
	if f.said != nil {
		f.said.Settle(ctx) // or until ctx ends, of which the panel hears
	}
	return p.Run(ctx)
}

// alone says when the panel may sleep, since nobody is there; nil: never.
func (f *face) alone() <-chan bool {
	if f.said == nil {
		return nil
	}
	return f.said.Alone()
}

// pass hands on what one source tells.
func (f *face) pass(ctx context.Context, from <-chan display.Event) error {
	return (&strike{within: f.double}).pass(ctx, from, f.events)
}
