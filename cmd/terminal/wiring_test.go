package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"

	"unlockpoint/device/appliance"
	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/evdev"
	"unlockpoint/display/evdev/evdevtest"
	"unlockpoint/display/front"
	"unlockpoint/display/keypad/keypadtest"
	"unlockpoint/display/signal"
)

// wired is terminal.toml on a board of models, but for some settings of panel,
// keys and signal.
const wired = `
data = %q
[panel]
driver = "st7796"
bus = "SPI0.0"
dc = "DC"
reset = "RESET"
backlight = "LIGHT"
rotation = 90
pixels_per_mm = 6.45
%s
[touch]
driver = "xpt2046"
bus = "SPI0.1"
interrupt = "PENIRQ"
[keys]
driver = "gpio"
rows = ["ROW0", "ROW1", "ROW2", "ROW3"]
columns = ["COLUMN0", "COLUMN1", "COLUMN2"]
%s
[signal]
%s
[speech]
when = "off"
`

// board is what a terminal.toml makes of the models.
type board struct {
	mount
	appliance.Config
	keys         *keypadtest.Matrix
	beeper, lamp *output
	counted      int // keys
}

// TestWhatTheFileSaysReachesItsPart: each setting of the file that another
// package is to act on, by what a person sees, hears and presses.
func TestWhatTheFileSaysReachesItsPart(t *testing.T) {
	hour := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Local().Hour() // when a bubble begins
	hours := fmt.Sprintf("night_from = %d\nnight_to = %d\n", hour, (hour+1)%24)
	for name, c := range map[string]struct {
		panel, keys, signal string
		page                string
		holds               func(b *board) bool
	}{
		"veil_s":        {"veil_s = 20", "", "", "register.passcode", func(b *board) bool { return b.changesAfter(20) }},
		"saver_s":       {"saver_s = 40", "", "", "idle", func(b *board) bool { return b.changesAfter(40) }},
		"sleep_s":       {byDay + "saver_s = 40\nsleep_s = 90", "", "", "idle", func(b *board) bool { return b.sleepsAfter(90) }},
		"night_sleep_s": {hours + "saver_s = 40\nnight_sleep_s = 80", "", "", "idle", func(b *board) bool { return b.sleepsAfter(80) }},
		"brightness":    {byDay + "brightness = 60", "", "", "idle", func(b *board) bool { return b.panel.Brightness() == 60 }},
		"night":         {hours + "night = 10", "", "", "idle", func(b *board) bool { return b.panel.Brightness() == 10 }},
		"no double_ms":  {"", "", "", "idle", func(b *board) bool { return b.strikes(300) == 2 }},
		"double_ms":     {"", "double_ms = 500", "", "idle", func(b *board) bool { return b.strikes(300) == 1 && b.strikes(600) == 3 }},
		"beeper": {"", "", "beeper = \"BEEPER\"\ntone = 800", "idle", func(b *board) bool {
			b.Beeper.Beep()
			return b.beeper.hears("800Hz")
		}},
		"lamp": {"", "", "lamp = \"LAMP\"\nlamp_low = true", "idle", func(b *board) bool {
			b.Lamp.Show(signal.Ready)
			return b.lamp.hears("Low")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := parseConfig(fmt.Sprintf(wired, t.TempDir(), c.panel, c.keys, c.signal))
			if err != nil {
				t.Fatal(err)
			}
			story(t, func(t *testing.T, m mount) {
				b := &board{mount: m, keys: keypadtest.NewMatrix(4, 3), beeper: &output{name: "BEEPER"}, lamp: &output{name: "LAMP"}}
				b.runs(t, file, c.page, func() {
					if !c.holds(b) {
						t.Error("it is not passed on")
					}
				})
			})
		})
	}
}

// byDay is hours without a night.
const byDay = "night_from = 7\nnight_to = 7\n"

// runs shows a page on a board, as a terminal does, while a story goes on. That
// begins 5 s later.
func (b *board) runs(t *testing.T, file config, page string, story func()) {
	matrix(t, b.keys, true)
	boardtest.Pins(t, b.panel.Light())
	boardtest.Pins(t, b.beeper, b.lamp)
	f, err := newFace(file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.Config = file.appliance(f)
	said := front.New(b.Drawer, b.Screen, b.Patience, b.Speaker)
	shown := sample(page)
	shown.Stands = page == "idle"
	said.Show(shown)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- runAll(ctx, append(f.before(said), said.Run, func(ctx context.Context) error { return b.serves(ctx, said) })...)
	}()
	time.Sleep(5 * time.Second)
	story()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// serves counts keys, which is all that comes of them.
func (b *board) serves(ctx context.Context, said *front.Front) error {
	for {
		select {
		case e := <-b.Events:
			if e.Key != "" {
				b.counted++
			}
		case <-said.Inputs():
		case <-ctx.Done():
			return nil
		}
	}
}

// changesAfter is whether the panel shows something else after so many seconds
// of the page, and not before.
func (b *board) changesAfter(seconds time.Duration) bool {
	first := b.panel.Picture(90).Pix
	time.Sleep((seconds - 6) * time.Second)
	still := slices.Equal(first, b.panel.Picture(90).Pix)
	time.Sleep(2 * time.Second)
	return still && !slices.Equal(first, b.panel.Picture(90).Pix)
}

// sleepsAfter is whether it sleeps then, and not before.
func (b *board) sleepsAfter(seconds time.Duration) bool {
	time.Sleep((seconds - 6) * time.Second)
	shows := b.panel.Showing()
	time.Sleep(2 * time.Second)
	return shows && !b.panel.Showing()
}

// strikes presses a key twice within so many milliseconds, and says how many
// presses counted so far.
func (b *board) strikes(within time.Duration) int {
	for range 2 {
		b.keys.Press(0, 0)
		time.Sleep(100 * time.Millisecond)
		b.keys.Release(0, 0)
		time.Sleep((within - 100) * time.Millisecond)
	}
	time.Sleep(time.Second)
	synctest.Wait()
	return b.counted
}

// output is a pin that remembers what it was told.
type output struct {
	gpio.PinIO
	name string

	mu   sync.Mutex
	told []string
}

func (o *output) String() string { return o.name }
func (o *output) Name() string   { return o.name }
func (o *output) Number() int    { return -1 }

func (o *output) Out(l gpio.Level) error                    { return o.tell(l.String()) }
func (o *output) PWM(_ gpio.Duty, f physic.Frequency) error { return o.tell(f.String()) }

func (o *output) tell(what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told = append(o.told, what)
	return nil
}

// hears is whether the next that it is told is that.
func (o *output) hears(what string) bool {
	o.mu.Lock()
	before := len(o.told)
	o.mu.Unlock()
	time.Sleep(time.Second)
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.told) > before && o.told[before] == what
}

// TestAHeadsetOfTheNameInTheFileIsNoticed by who asks for the next page to be
// read aloud.
func TestAHeadsetOfTheNameInTheFileIsNoticed(t *testing.T) {
	for when, asked := range map[string]bool{"asked": true, "headset": false} {
		c, err := parseConfig(fmt.Sprintf("[speech]\nwhen = %q\nprogram = \"true\"\narguments = [\"-q\"]\njack = \"*usb*\"", when))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			inputs, usb, other := &evdevtest.Folder{}, evdevtest.Jack("USB audio"), evdevtest.Jack("HDMI")
			inputs.Plug(usb)
			inputs.Plug(other)
			f := &face{}
			if err := f.addSpeech(c.Speech, inputs, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
			made := c.appliance(f)
			if made.Speaker == nil || made.Asked != asked {
				t.Errorf("when %s: a speaker %v, asked is %v", when, made.Speaker, made.Asked)
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- runAll(ctx, f.parts...) }()
			other.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
			time.Sleep(5 * time.Second)
			select {
			case <-made.Headset:
				t.Error("another jack is taken for the headset's")
			default:
			}
			usb.Send(evdevtest.Switch(evdev.SwHeadphoneInsert, 1))
			select {
			case in := <-made.Headset:
				if !in {
					t.Error("it is said to be out")
				}
			case <-time.After(5 * time.Second):
				t.Error("nobody notices it")
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}
