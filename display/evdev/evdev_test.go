package evdev_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/evdev"
	"unlockpoint/display/evdev/evdevtest"
	"unlockpoint/display/touch"
)

// bench is a source that runs over devices that are plugged in.
type bench struct {
	t      *testing.T
	folder *evdevtest.Folder
	source *evdev.Source
	log    bytes.Buffer
}

// with runs a story in a bubble of its own time.
func with(t *testing.T, cfg evdev.Config, devices []*evdevtest.Device, story func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, folder: &evdevtest.Folder{}}
		for _, d := range devices {
			b.folder.Plug(d)
		}
		cfg.Folder, cfg.Panel, cfg.Log = b.folder, image.Pt(800, 480), slog.New(slog.NewTextHandler(&b.log, nil))
		source, err := evdev.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		b.source = source
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- source.Run(ctx) }()
		synctest.Wait()
		story(b)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, d := range devices {
			for _, complaint := range d.Complaints() {
				t.Error(complaint)
			}
		}
	})
}

// pass lets time go by, and everybody do what there is to do by then.
func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// said is everything that came out so far, in words.
func (b *bench) said() string {
	var out []string
	for {
		synctest.Wait()
		select {
		case e := <-b.source.Events():
			out = append(out, words(e))
		default:
			return strings.Join(out, "; ")
		}
	}
}

func words(e display.Event) string {
	if e.Touch != nil {
		phase := [...]string{"down", "move", "up", "lost"}[e.Touch.Phase]
		return fmt.Sprintf("%s %d at %d,%d", phase, e.Touch.Finger, e.Touch.X, e.Touch.Y)
	}
	if e.Key != "" {
		return "key " + e.Key
	}
	return "rune " + string(e.Rune)
}

func (b *bench) expect(want string) {
	b.t.Helper()
	if got := b.said(); got != want {
		b.t.Errorf("%q came out, not %q", got, want)
	}
}

var all = evdev.Config{Touch: "*", Keys: "*"}

func TestFingersOnAPanelOfManyContacts(t *testing.T) {
	panel := evdevtest.Panel("Goodix Capacitive TouchScreen", 5)
	with(t, all, []*evdevtest.Device{panel}, func(b *bench) {
		panel.Send(evdevtest.Contact(0, 10, 0, 0)...)
		b.expect("down 0 at 0,0")
		panel.Send(evdevtest.Move(evdev.AbsMTPositionX, 2048))
		b.expect("move 0 at 400,0")
		panel.Send(evdevtest.Contact(1, 11, 4095, 4095)...)
		b.expect("down 1 at 799,479")
		panel.Send(slices.Concat(evdevtest.Contact(0, -1, 0, 0), evdevtest.Contact(1, -1, 0, 0))...)
		b.expect("up 0 at 400,0; up 1 at 799,479")
	})
}

func TestAPalmAndThreeFingersAreLost(t *testing.T) {
	panel := evdevtest.Panel("panel", 5)
	with(t, all, []*evdevtest.Device{panel}, func(b *bench) {
		panel.Send(evdevtest.Contact(0, 10, 0, 0)...)
		panel.Send(evdevtest.Move(evdev.AbsMTToolType, 2))
		panel.Send(evdevtest.Contact(0, -1, 0, 0)...)
		b.expect("down 0 at 0,0; lost 0 at 0,0")
		panel.Send(append(evdevtest.Contact(2, 11, 0, 0), evdevtest.Move(evdev.AbsMTToolType, 0))...)
		panel.Send(slices.Concat(evdevtest.Contact(3, 12, 0, 0), evdevtest.Contact(4, 13, 0, 0))...)
		b.expect("down 0 at 0,0; lost 0 at 0,0")
	})
}

func TestASlotThatThereIsNotMeansNothing(t *testing.T) {
	panel := evdevtest.Panel("panel", 2)
	with(t, all, []*evdevtest.Device{panel}, func(b *bench) {
		for _, slot := range []int{2, -1, 1 << 30} {
			panel.Send(evdevtest.Contact(slot, 10, 0, 0)...)
		}
		b.expect("")
		panel.Send(evdevtest.Contact(1, 11, 0, 0)...)
		b.expect("down 0 at 0,0")
	})
}

func TestAPanelOfOneContactCountsFromItsBorder(t *testing.T) {
	panel := evdevtest.Single("ADS7846 Touchscreen")
	cfg := evdev.Config{Touch: "*", Orientation: touch.Orientation{Rotation: 180}}
	with(t, cfg, []*evdevtest.Device{panel}, func(b *bench) {
		panel.Send(evdevtest.Key(evdev.BtnTouch, 1), evdevtest.Move(evdev.AbsX, 100), evdevtest.Move(evdev.AbsY, 200))
		panel.Send(evdevtest.Move(evdev.AbsX, 899), evdevtest.Move(evdev.AbsY, 679))
		panel.Send(evdevtest.Key(evdev.BtnTouch, 0))
		b.expect("down 0 at 799,479; move 0 at 0,0; up 0 at 0,0")
	})
}

func TestAVirtualTabletTouchesWithItsButton(t *testing.T) {
	tablet := evdevtest.Tablet()
	with(t, all, []*evdevtest.Device{tablet}, func(b *bench) {
		tablet.Send(evdevtest.Move(evdev.AbsX, 16384), evdevtest.Move(evdev.AbsY, 16384))
		b.expect("")
		tablet.Send(evdevtest.Key(evdev.BtnLeft, 1))
		tablet.Send(evdevtest.Key(evdev.BtnLeft, 0))
		b.expect("down 0 at 400,240; up 0 at 400,240")
	})
}

// TestAMouseIsNotTakenForAPanel: pages show no pointer.
func TestAMouseIsNotTakenForAPanel(t *testing.T) {
	tablet, mouse := evdevtest.Tablet(), evdevtest.Mouse()
	with(t, all, []*evdevtest.Device{mouse, tablet}, func(b *bench) {
		mouse.Send(evdevtest.Key(evdev.BtnLeft, 1))
		mouse.Send(evdevtest.Key(evdev.BtnLeft, 0))
		b.expect("")
	})
}

func TestMissingEventsLoseTheTouchAndTheStateIsReadAgain(t *testing.T) {
	button := func(value int32) evdev.Event { return evdevtest.Key(evdev.BtnTouch, value) }
	for _, c := range []struct {
		device   *evdevtest.Device
		down, up []evdev.Event
	}{
		{evdevtest.Panel("many", 2), evdevtest.Contact(0, 10, 2048, 2048), evdevtest.Contact(0, -1, 0, 0)},
		{evdevtest.Single("one"), []evdev.Event{button(1), evdevtest.Move(evdev.AbsX, 500), evdevtest.Move(evdev.AbsY, 440)}, []evdev.Event{button(0)}},
	} {
		last := evdevtest.Move(evdev.AbsY, 440) // what the report ends with, and says nothing
		with(t, all, []*evdevtest.Device{c.device}, func(b *bench) {
			c.device.Send(c.down...)
			b.expect("down 0 at 400,240")
			c.device.Overrun(append(c.up, last)...)
			b.expect("lost 0 at 400,240")
			c.device.Send(c.down...)
			b.expect("down 0 at 400,240")
			c.device.Send(c.up...)
			b.expect("up 0 at 400,240")
			c.device.Overrun(append(c.down, last)...) // nobody saw it begin
			c.device.Send(c.up...)
			b.expect("")
			c.device.Send(c.down...)
			b.expect("down 0 at 400,240")
		})
	}
}

func TestWhereAFingerGoesDownIsKnownThoughTheWayThereIsMissing(t *testing.T) {
	panel, tablet := evdevtest.Single("panel"), evdevtest.Tablet()
	with(t, all, []*evdevtest.Device{panel, tablet}, func(b *bench) {
		panel.Overrun(evdevtest.Move(evdev.AbsX, 899), evdevtest.Move(evdev.AbsY, 679))
		b.expect("") // it has been asked by now
		panel.Send(evdevtest.Key(evdev.BtnTouch, 1))
		b.expect("down 0 at 799,479")
		tablet.Overrun(evdevtest.Move(evdev.AbsX, 16384), evdevtest.Move(evdev.AbsY, 32767))
		b.expect("")
		tablet.Send(evdevtest.Key(evdev.BtnLeft, 1))
		b.expect("down 0 at 400,479")
	})
}

func TestAFingerThatWasThereFirstMeansNothing(t *testing.T) {
	for _, panel := range []*evdevtest.Device{evdevtest.Panel("many", 2), evdevtest.Single("one")} {
		panel.Send(append(evdevtest.Contact(0, 10, 0, 0), evdevtest.Key(evdev.BtnTouch, 1))...)
		with(t, all, []*evdevtest.Device{panel}, func(b *bench) {
			panel.Send(evdevtest.Move(evdev.AbsX, 500), evdevtest.Move(evdev.AbsMTPositionX, 500))
			b.expect("")
			panel.Send(append(evdevtest.Contact(0, -1, 0, 0), evdevtest.Key(evdev.BtnTouch, 0))...)
			b.expect("")
		})
	}
}

func TestTheStateOfEverySlotIsReadAgain(t *testing.T) {
	panel := evdevtest.Panel("panel", 2)
	finger := func(id int) []evdev.Event { return evdevtest.Contact(0, id, 0, 0)[1:] } // in the slot that is current
	with(t, all, []*evdevtest.Device{panel}, func(b *bench) {
		panel.Send(append(evdevtest.Contact(0, 10, 0, 0), evdevtest.Move(evdev.AbsMTToolType, 2))...)
		panel.Send(finger(-1)...)
		b.expect("") // a palm
		panel.Overrun(append(finger(11), evdevtest.Move(evdev.AbsMTToolType, 0), finger(-1)[0], evdevtest.Move(evdev.AbsMTSlot, 1))...)
		b.expect("")
		panel.Send(finger(12)...)
		b.expect("down 0 at 0,0")
		panel.Send(evdevtest.Contact(0, 13, 4095, 4095)...)
		b.expect("down 1 at 799,479")
	})
}

func TestAKeyThatIsHeldCountsOnce(t *testing.T) {
	for _, d := range []*evdevtest.Device{evdevtest.Keyboard("keyboard"), evdevtest.Pad("pad")} {
		with(t, all, []*evdevtest.Device{d}, func(b *bench) {
			for _, value := range []int32{1, 2, 2, 0} { // 2 is the kernel repeating it
				d.Send(evdevtest.Key(evdev.KeyKPEnter, value))
			}
			b.expect("key Enter")
		})
	}
}

// What is left of a report whose beginning is missing may be half the truth.
func TestKeysOfAReportWithMissingEventsMeanNothing(t *testing.T) {
	keyboard := evdevtest.Keyboard("keyboard")
	with(t, all, []*evdevtest.Device{keyboard}, func(b *bench) {
		keyboard.Overrun(evdevtest.Key(evdev.KeyA, 1))
		b.expect("")
		keyboard.Send(evdevtest.Key(evdev.KeyEnter, 1))
		b.expect("key Enter")
	})
}

func TestShiftIsStillHeldAfterMissingEvents(t *testing.T) {
	keyboard := evdevtest.Keyboard("keyboard")
	with(t, all, []*evdevtest.Device{keyboard}, func(b *bench) {
		keyboard.Overrun(evdevtest.Key(evdev.KeyLeftShift, 1))
		keyboard.Send(evdevtest.Key(evdev.KeyA, 1))
		b.expect("rune A")
		keyboard.Overrun(evdevtest.Key(evdev.KeyLeftShift, 0))
		keyboard.Send(evdevtest.Key(evdev.KeyA, 1))
		b.expect("rune a")
	})
}

func TestAPadGivesKeysWhatEverItSaysItIs(t *testing.T) {
	pad, pretender := evdevtest.Pad("Numeric Keypad"), evdevtest.Keyboard("SEM USB Keypad")
	cfg := evdev.Config{Keys: "*", Pads: "*usb keypad*"}
	with(t, cfg, []*evdevtest.Device{pad, pretender}, func(b *bench) {
		for _, d := range []*evdevtest.Device{pad, pretender} {
			d.Send(evdevtest.Key(80, 1), evdevtest.Key(80, 0))
			d.Send(evdevtest.Key(evdev.KeyKPSlash, 1), evdevtest.Key(evdev.KeyKPSlash, 0))
			b.expect("key 2; key #")
		}
	})
}

func TestOnlyWhatFitsIsOpenedAndOnlyOnce(t *testing.T) {
	keyboard, other := evdevtest.Keyboard("Ward/7 Keyboard"), evdevtest.Keyboard("Other")
	panel, button := evdevtest.Panel("Goodix", 5), evdevtest.PowerButton()
	touchpad := evdevtest.Single("Touchpad")
	touchpad.Props = []int{0}
	devices := []*evdevtest.Device{keyboard, other, panel, button, touchpad}
	with(t, evdev.Config{Keys: "ward*", Touch: "*"}, devices, func(b *bench) {
		b.pass(10 * time.Second)
		for _, d := range devices {
			if d.Opened() != 1 {
				t.Errorf("%s was opened %d times", d.Name, d.Opened())
			}
		}
		other.Send(evdevtest.Key(evdev.KeyA, 1))
		keyboard.Send(evdevtest.Key(evdev.KeyA, 1))
		b.expect("rune a")
		panel.Send(evdevtest.Contact(0, 1, 0, 0)...)
		b.expect("down 0 at 0,0")
		if n := strings.Count(b.log.String(), "reading an input device"); n != 2 {
			t.Errorf("%d are read:\n%s", n, b.log.String())
		}
	})
}

func TestDevicesComeAndGo(t *testing.T) {
	panel := evdevtest.Panel("panel", 2)
	with(t, all, nil, func(b *bench) {
		for range 3 {
			b.folder.Plug(panel)
			b.pass(time.Second)
			panel.Send(evdevtest.Contact(0, 10, 0, 0)...)
			b.expect("down 0 at 0,0")
			b.folder.Unplug(panel)
			b.expect("lost 0 at 0,0")
			panel.Overrun(evdevtest.Contact(0, -1, 0, 0)...)
			b.pass(time.Second)
		}
	})
}

// What is touched is missed from the start. A pad or keyboard that may have
// any name is missed once one was there: many terminals have none.
func TestAKindThatIsNotThereIsDown(t *testing.T) {
	panel, pad := evdevtest.Panel("panel", 2), evdevtest.Keyboard("pad")
	with(t, all, nil, func(b *bench) {
		state := func() string {
			b.pass(2 * time.Second)
			word := map[bool]string{true: "works", false: "down"}
			touch, keys := b.source.Touch.State(time.Now()), b.source.Keys.State(time.Now())
			return fmt.Sprintf("touch %s %d, keys %s %d", word[touch.Down.IsZero()], touch.Times, word[keys.Down.IsZero()], keys.Times)
		}
		for _, step := range []struct {
			do   func()
			want string
		}{
			{func() {}, "touch down 1, keys works 0"},
			{func() { b.folder.Plug(panel) }, "touch works 1, keys works 0"},
			{func() { b.folder.Plug(pad) }, "touch works 1, keys works 0"},
			{func() { b.folder.Unplug(pad) }, "touch works 1, keys down 1"},
			{func() { b.folder.Unplug(panel); b.folder.Plug(pad) }, "touch down 2, keys works 1"},
		} {
			if step.do(); state() != step.want {
				t.Errorf("%s, want %s", state(), step.want)
			}
		}
	})
	with(t, evdev.Config{Keys: "ward*"}, nil, func(b *bench) {
		s := b.source.Keys.State(time.Now())
		if b.source.Touch != nil || s.Down.IsZero() || !strings.Contains(s.Cause.Error(), `"ward*"`) {
			t.Errorf("the only one there is to be: %+v", s)
		}
	})
}

// A device that takes the place of another within a second has its path.
func TestAnotherDeviceInTheSamePlaceIsAnother(t *testing.T) {
	with(t, all, []*evdevtest.Device{evdevtest.PowerButton()}, func(b *bench) {
		button, keyboard := evdevtest.PowerButton(), evdevtest.Keyboard("keyboard")
		b.folder.Plug(button)
		b.pass(2 * time.Second)
		b.folder.Unplug(button)
		b.folder.Plug(keyboard)
		b.pass(time.Second)
		keyboard.Send(evdevtest.Key(evdev.KeyA, 1))
		b.expect("rune a")
	})
}

func TestWhatCannotBeOpenedIsToldOnceAndTriedAgain(t *testing.T) {
	denied, busy := evdevtest.Keyboard("denied"), evdevtest.Keyboard("busy")
	denied.Deny(fs.ErrPermission)
	busy.Occupy(true)
	with(t, all, []*evdevtest.Device{denied, busy}, func(b *bench) {
		b.folder.Break(errors.New("too many open files"))
		b.pass(5 * time.Second)
		b.folder.Break(nil)
		b.pass(5 * time.Second)
		for _, hint := range []string{"group input", "another program has it", "too many open files"} {
			if n := strings.Count(b.log.String(), hint); n != 1 {
				t.Errorf("%q is told %d times:\n%s", hint, n, b.log.String())
			}
		}
		denied.Deny(nil)
		busy.Occupy(false)
		b.pass(time.Second)
		denied.Send(evdevtest.Key(evdev.KeyA, 1))
		b.expect("rune a")
		busy.Send(evdevtest.Key(evdev.KeyEnter, 1))
		b.expect("key Enter")
	})
}

func TestAWrongSettingIsNamed(t *testing.T) {
	good := evdev.Config{Touch: "*", Panel: image.Pt(800, 480)}
	for want, spoil := range map[string]func(*evdev.Config){
		"panel: rotation is 1":          func(c *evdev.Config) { c.Orientation.Rotation = 1 },
		"keys: keyboard is \"fr\"":      func(c *evdev.Config) { c.Layout = "fr" },
		"touch: name is \"[\"":          func(c *evdev.Config) { c.Touch = "[" },
		"keys: name is \"[\"":           func(c *evdev.Config) { c.Keys = "[" },
		"keys: pads is \"[\"":           func(c *evdev.Config) { c.Pads = "[" },
		"touch and keys are both empty": func(c *evdev.Config) { c.Touch = "" },
		"panel is 0x0":                  func(c *evdev.Config) { c.Panel = image.Point{} },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := evdev.Open(cfg); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := evdev.Open(good); err != nil {
		t.Error(err)
	}
}

func TestFindSaysWhatEachDeviceIsGoodFor(t *testing.T) {
	f := &evdevtest.Folder{}
	locked := evdevtest.Keyboard("locked")
	locked.Deny(fs.ErrPermission)
	for _, d := range []*evdevtest.Device{evdevtest.Panel("panel", 2), evdevtest.Keyboard("keyboard"), evdevtest.Pad("pad"), evdevtest.PowerButton(), locked, evdevtest.Jack("Headphone Jack")} {
		f.Plug(d)
	}
	got, err := evdev.Find(f)
	want := []evdev.Found{
		{Path: "/dev/input/event0", Name: "panel", Touch: true},
		{Path: "/dev/input/event1", Name: "keyboard", Keys: true},
		{Path: "/dev/input/event2", Name: "pad", Keys: true, Pad: true},
		{Path: "/dev/input/event3", Name: "Power Button"},
		{Path: "/dev/input/event4", Err: fs.ErrPermission},
		{Path: "/dev/input/event5", Name: "Headphone Jack", Jack: true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}
