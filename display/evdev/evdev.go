// Package evdev reads the input devices of the Linux kernel: touch panels,
// keypads, keyboards and tablets, on /dev/input/event*, without cgo.
//
// Its words: a [Device] is one of them, open; a [Folder] is where they appear
// and vanish; a [Source] is all that fit, read for as long as they are there.
// A device is taken for this program alone, so that nothing a person types
// reaches the console as well.
//
// Keys mean what they mean in the browser: Enter, Backspace and Esc are keys
// of the pad, everything else is a character. On a device that has no letters
// all are keys of the pad.
package evdev

import (
	"errors"
	"fmt"
	"image"
	"log/slog"
	"path"
	"strings"

	"unlockpoint/display"
	"unlockpoint/display/touch"
)

// Config says which devices to read, and how the picture lies under fingers.
// Patterns are of names as `cat /proc/bus/input/devices` has them, with * and
// ? as in the shell, in either case; an empty one fits nothing.
type Config struct {
	Touch       string      // pattern of what is touched or pointed with; "*" is all that can be
	Keys        string      // pattern of what is typed on; "*" is all that can be
	Pads        string      // pattern of what is a pad though it says it has letters, as many USB keypads do
	Layout      Layout      // of keyboards; empty is UK
	Panel       image.Point // its pixels, as the picture is turned
	Orientation touch.Orientation
	Folder      Folder // nil is /dev/input
	Log         *slog.Logger
}

// check says which setting is wrong, by its name in the configuration file, and
// what to write instead.
func (c Config) check() error {
	for _, of := range []struct{ setting, pattern string }{{"touch: name", c.Touch}, {"keys: name", c.Keys}, {"keys: pads", c.Pads}} {
		if _, err := path.Match(plain(of.pattern), ""); err != nil {
			return fmt.Errorf("%s is %q, which is no pattern: try a part of the device's name between stars, as in *goodix*", of.setting, of.pattern)
		}
	}
	if c.Touch == "" && c.Keys == "" {
		return errors.New("touch and keys are both empty: give one of them the device's name, or * for all that fit")
	}
	if c.Layout != UK && c.Layout != US {
		return fmt.Errorf("keys: keyboard is %q: write uk or us", c.Layout)
	}
	if c.Touch != "" && (c.Panel.X < 1 || c.Panel.Y < 1) {
		return fmt.Errorf("panel is %dx%d pixels: give its size", c.Panel.X, c.Panel.Y)
	}
	if err := c.Orientation.Check(); err != nil {
		return fmt.Errorf("panel: %w", err)
	}
	return nil
}

// Source is every device that fits.
type Source struct {
	Touch, Keys *Kind // nil: none is asked for

	cfg    Config
	events chan display.Event
}

// Open checks the configuration. Devices are opened when Run finds them.
func Open(c Config) (*Source, error) {
	if c.Layout == "" {
		c.Layout = UK
	}
	if c.Folder == nil {
		c.Folder = Dir("/dev/input")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Source{cfg: c, events: make(chan display.Event)}
	if c.Touch != "" {
		s.Touch = newKind("touched", c.Touch, true)
	}
	if c.Keys != "" {
		s.Keys = newKind("typed on", c.Keys, c.Touch == "" || c.Keys != all)
	}
	return s, nil
}

// Events gives what people did. It is never closed.
func (s *Source) Events() <-chan display.Event { return s.events }

// fits reports whether a name fits a pattern.
func fits(pattern, name string) bool {
	ok, _ := path.Match(plain(pattern), plain(name))
	return ok
}

// plain is a name or a pattern in which a slash is nothing special.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "/", " ")) }

// decoderOf is what reads a device, or nil if it does not fit.
func (c Config) decoderOf(d Device, t traits) (*decoder, error) {
	one := &decoder{device: d}
	if w := t.way(); w != noWay && fits(c.Touch, t.name) {
		p, err := newPointer(d, w, c.Orientation, c.Panel)
		if err != nil {
			return nil, err
		}
		one.pointer = p
	}
	if t.types() && fits(c.Keys, t.name) {
		one.keyboard = newKeyboard(t.pad() || fits(c.Pads, t.name), c.Layout)
	}
	if one.pointer == nil && one.keyboard == nil {
		return nil, nil
	}
	return one, nil
}

// Found is a device that there is, for who writes the configuration.
type Found struct {
	Path, Name string
	Touch      bool // it can be touched or pointed with
	Keys       bool // it can be typed on
	Pad        bool // and has no letters
	Jack       bool // it is the socket of a headset
	Err        error
}

// Find lists what there is, of use or not.
func Find(f Folder) ([]Found, error) {
	places, err := f.List()
	if err != nil {
		return nil, err
	}
	var all []Found
	for _, p := range places {
		t, err := look(f, p)
		all = append(all, Found{p.Path, t.name, t.way() != noWay, t.types(), t.types() && t.pad(), t.jack(), err})
	}
	return all, nil
}

func look(f Folder, p Place) (traits, error) {
	d, err := f.Open(p)
	if err != nil {
		return traits{}, err
	}
	defer d.Close()
	return traitsOf(d)
}
