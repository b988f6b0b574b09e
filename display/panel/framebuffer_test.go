package panel

import (
	"context"
	"errors"
	"image"
	"image/color"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/panel/paneltest"
)

// A mounted is a panel in a framebuffer that runs.
type mounted struct {
	*Panel
	device  *paneltest.Framebuffer
	console *paneltest.Console
	stop    func()
}

func mount(t *testing.T, f *paneltest.Framebuffer, light *Backlight, o Options) *mounted {
	t.Helper()
	b := &mounted{device: f, console: &paneltest.Console{}}
	p, err := newFramebuffer("/dev/fb0", f, b.console, light, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	b.Panel = p
	b.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	return b
}

func (b *mounted) shows(t *testing.T, want *image.RGBA, turned int) {
	t.Helper()
	synctest.Wait()
	bits := map[uint32]int{16: 16, 32: 24}[b.device.Depth]
	if at, differ := paneltest.Difference(b.device.Picture(turned), want, bits); differ {
		t.Fatalf("something else is at %v", at)
	}
	if spilt := b.device.Spilt(); len(spilt) > 0 {
		t.Fatalf("written beside the picture: %d bytes, the first at %d", len(spilt), spilt[0])
	}
	b.wake() // what was read here is Run's again
}

func TestAFramebufferIsTurnedAndItsColoursFoundWhereverTheyAre(t *testing.T) {
	odd := func() *paneltest.Framebuffer {
		f := paneltest.NewFramebuffer(50, 30, 32)
		f.Left, f.Top = 7, 3
		f.Red, f.Blue, f.Alpha = paneltest.Colour{Offset: 0, Bits: 8}, paneltest.Colour{Offset: 16, Bits: 8}, paneltest.Colour{}
		return f
	}
	for name, device := range map[string]func() *paneltest.Framebuffer{
		"16 bits":            func() *paneltest.Framebuffer { return paneltest.NewFramebuffer(50, 30, 16) },
		"32 bits":            func() *paneltest.Framebuffer { return paneltest.NewFramebuffer(50, 30, 32) },
		"an odd one, panned": odd,
	} {
		t.Run(name, func(t *testing.T) {
			for _, turned := range []int{0, 90, 180, 270} {
				synctest.Test(t, func(t *testing.T) {
					o := day()
					o.Rotation = turned
					b := mount(t, device(), nil, o)
					defer b.stop()
					picture := noise(b.Bounds(), 14)
					b.Draw(b.Bounds(), picture, image.Point{})
					b.shows(t, picture, turned)
					r := image.Rect(5, 7, 21, 19)
					dab(picture, r, color.White)
					b.Draw(r, picture, r.Min)
					b.shows(t, picture, turned)
				})
			}
		})
	}
}

func TestTheConsoleKeepsOffAndComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mount(t, paneltest.NewFramebuffer(50, 30, 16), nil, day())
		b.Draw(b.Bounds(), noise(b.Bounds(), 15), image.Point{})
		synctest.Wait()
		if b.console.Mode() != 1 {
			t.Error("the text console may still paint")
		}
		b.stop()
		if b.console.Mode() != 0 || !b.console.Closed() || !b.device.Closed() || b.device.Blank() != 0 {
			t.Errorf("console in mode %d, closed %v; framebuffer closed %v, blank %d",
				b.console.Mode(), b.console.Closed(), b.device.Closed(), b.device.Blank())
		}
		b.shows(t, black(image.Pt(50, 30)), 0)
	})
}

// A message of the kernel, or another program, may write over a page.
func TestWhatSomebodyElsePaintsIsPaintedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mount(t, paneltest.NewFramebuffer(50, 30, 32), nil, day())
		defer b.stop()
		picture := noise(b.Bounds(), 18)
		b.Draw(b.Bounds(), picture, image.Point{})
		b.shows(t, picture, 0)
		b.device.Scribble()
		b.wake()
		time.Sleep(refreshEvery + time.Second)
		b.shows(t, picture, 0)
	})
}

func TestAConsoleThatRefusesIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told strings.Builder
		o := day()
		o.Log = slog.New(slog.NewTextHandler(&told, nil))
		f, c := paneltest.NewFramebuffer(50, 30, 16), &paneltest.Console{Refuse: errors.New("operation not permitted")}
		p, err := NewFramebuffer("/dev/fb0", f, c, o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p.Run(ctx)
		if !strings.Contains(told.String(), "keep the text console off /dev/fb0: operation not permitted") {
			t.Errorf("told: %s", told.String())
		}
	})
}

func TestAFramebufferHasALightAndSleeps(t *testing.T) {
	for _, blanks := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			folder := lightFolder(t, "200\n", "120\n")
			light, err := openBacklight(folder)
			if err != nil {
				t.Fatal(err)
			}
			f := paneltest.NewFramebuffer(50, 30, 16)
			f.NoBlank = !blanks
			b := mount(t, f, light, Options{Day: 75, Night: 10})
			for _, step := range []struct {
				light Light
				level string
			}{{Day, "150"}, {Night, "20"}, {Dark, "0"}, {Day, "150"}} {
				b.SetLight(step.light)
				time.Sleep(time.Second)
				if got := brightness(t, folder); got != step.level {
					t.Errorf("light %v: %s of 200", step.light, got)
				}
				if off := f.Blank() == 4; off != (blanks && step.light == Dark) {
					t.Errorf("light %v: blanked %v", step.light, off)
				}
			}
			b.stop()
			if got := brightness(t, folder); got != "120" {
				t.Errorf("it is left at %s, not as it was", got)
			}
		})
	}
}

func lightFolder(t *testing.T, most, now string) string {
	folder := t.TempDir()
	for name, text := range map[string]string{"max_brightness": most, "brightness": now} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func brightness(t *testing.T, folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, "brightness"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAFramebufferThatCannotBeUsedSaysWhy(t *testing.T) {
	for _, wrong := range []struct {
		change func(*paneltest.Framebuffer)
		says   string
	}{
		{func(f *paneltest.Framebuffer) { f.Depth = 8 }, "8 bits a pixel: set a mode of 16 or 32"},
		{func(f *paneltest.Framebuffer) { f.Depth = 24 }, "24 bits a pixel"},
		{func(f *paneltest.Framebuffer) { f.Visual = 3 }, "its pixels are not colours"},
		{func(f *paneltest.Framebuffer) { f.Width = 0 }, "0x30 pixels"},
		{func(f *paneltest.Framebuffer) { f.Height = 1 << 31 }, "pixels: a panel has"},
		{func(f *paneltest.Framebuffer) { f.Stride = 10 }, "10 bytes a row"},
		{func(f *paneltest.Framebuffer) { f.Red.Bits = 9 }, "a colour of 9 bits"},
		{func(f *paneltest.Framebuffer) { f.Blue.Offset = 14 }, "at bit 14 of 16"},
		{func(f *paneltest.Framebuffer) { f.Left = 1 << 20 }, "its picture begins at"},
		{func(f *paneltest.Framebuffer) { f.Left = 100 }, "bytes of memory are less"},
	} {
		f := paneltest.NewFramebuffer(50, 30, 16)
		wrong.change(f)
		if _, err := NewFramebuffer("/dev/fb0", f, nil, day()); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("%v: none of %q", err, wrong.says)
		}
	}
	if _, err := NewFramebuffer("/dev/tty1", &paneltest.Console{}, nil, day()); err == nil || !strings.Contains(err.Error(), "/dev/tty1 is not a framebuffer") {
		t.Error(err)
	}
}

// FuzzAFramebufferIsUsedOrRefused holds that whatever a driver says of its
// memory, all pixels of a panel are inside it.
func FuzzAFramebufferIsUsedOrRefused(f *testing.F) {
	variable, fixed := make([]byte, variableSize), make([]byte, fixedSize)
	device := paneltest.NewFramebuffer(50, 30, 32)
	device.Get(getVariable, variable, nil)
	device.Get(getFixed, fixed, nil)
	f.Add(variable, fixed, 1)
	f.Add(variable[:79], fixed, 0)
	f.Fuzz(func(t *testing.T, variable, fixed []byte, quarters int) {
		g, err := parseGeometry(variable, fixed)
		if err != nil {
			return
		}
		b := &framebuffer{}
		size := b.turn(g, quarters&3)
		for _, corner := range []image.Point{{}, {size.X - 1, 0}, {0, size.Y - 1}, {size.X - 1, size.Y - 1}} {
			at := b.first + corner.X*b.column + corner.Y*b.row
			if at < g.offset || at+g.pixel > g.size {
				t.Fatalf("%v of %v is at %d of %+v", corner, size, at, g)
			}
		}
		g.format(Options{})
	})
}

func TestAPanelSaysWhenItHasShownSomething(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := paneltest.NewFramebuffer(50, 30, 32)
		idle, err := newFramebuffer("/dev/fb0", paneltest.NewFramebuffer(50, 30, 32), nil, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		select {
		case <-idle.Lit():
			t.Error("it does not run, and says that it shows something")
		default:
		}
		b := mount(t, f, nil, Options{})
		defer b.stop()
		<-b.Lit()
		b.shows(t, black(b.Bounds().Size()), 0)
		time.Sleep(2 * refreshEvery) // it is sent anew, and told of once
		<-b.Lit()
	})
}
