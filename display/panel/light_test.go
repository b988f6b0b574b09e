package panel

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

func TestALightIsByDayByNightOrOffWithThePanelAsleep(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, Options{Day: 80, Night: 15}, 4096)
		picture := noise(b.Bounds(), 11)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		for _, step := range []struct {
			light   Light
			percent int
		}{{Night, 15}, {Day, 80}, {Dark, 0}, {Night, 15}, {Dark, 0}, {Day, 80}} {
			b.SetLight(step.light)
			time.Sleep(time.Second)
			before := b.model.Traffic()
			time.Sleep(2 * refreshEvery)
			if b.model.Traffic() != before && step.light == Dark {
				t.Error("it is not left asleep")
			}
			if got := b.model.Brightness(); got != step.percent {
				t.Errorf("%d %% of light, not %d", got, step.percent)
			}
			if b.model.Showing() != (step.light != Dark) {
				t.Errorf("with light %v: showing is %v", step.light, b.model.Showing())
			}
		}
		b.shows(t, picture)
	})
}

func TestALightMayChangeFasterThanAPanelCan(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, day(), 4096)
		for n := range 50 {
			b.SetLight([]Light{Dark, Day, Dark, Night}[n%4])
			time.Sleep(time.Duration(n*7) * time.Millisecond)
		}
		b.SetLight(Day)
		time.Sleep(time.Second)
		if !b.model.Showing() {
			t.Error("it sleeps")
		}
	})
}

func TestASleepingPanelForgetsAPageThatIsDrawnOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "ili9341", day(), 4096)
		b.Draw(b.Bounds(), noise(b.Bounds(), 12), image.Point{})
		time.Sleep(time.Second)
		b.Halt()
		time.Sleep(time.Second)
		before := b.model.Traffic()
		b.Draw(b.Bounds(), image.Black, image.Point{})
		time.Sleep(time.Second)
		if n := b.model.Traffic().Sub(before).Bytes; n < 2*120*160 {
			t.Errorf("its memory got %d bytes: the page is still in it", n)
		}
	})
}

// A light that is on or off leaves it to the picture to be darker, which is
// still sent in differences.
func TestWhereALightCannotBeDimmedThePictureIs(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		var told strings.Builder
		o := Options{Day: 100, Night: 25, Log: slog.New(slog.NewTextHandler(&told, nil))}
		b := unplugged(t, small(chip), o, 0)
		b.screen.(*wire).pins.Light = b.model.Switch()
		b.run(t)
		picture := noise(b.Bounds(), 31)
		dark := func() *image.RGBA { return newShade(25, picture.Rect).over(picture, picture.Rect) }
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		b.shows(t, picture)
		b.SetLight(Night)
		time.Sleep(time.Second)
		b.shows(t, dark())
		if got := b.model.Brightness(); got != 100 {
			t.Errorf("its light is at %d %%", got)
		}
		before := b.model.Traffic()
		dab(picture, image.Rect(3, 4, 13, 14), color.White)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		b.shows(t, dark())
		if n := b.model.Traffic().Sub(before).Bytes; n > 600 {
			t.Errorf("a small change took %d bytes", n)
		}
		b.SetLight(Dark)
		time.Sleep(time.Second)
		if got := b.model.Brightness(); got != 0 || b.model.Showing() {
			t.Errorf("in the dark it shows something, with %d %% of light", got)
		}
		b.SetLight(Night)
		time.Sleep(time.Second)
		b.shows(t, dark())
		b.SetLight(Day)
		time.Sleep(time.Second)
		b.shows(t, picture)
		if n := strings.Count(told.String(), "cannot be dimmed"); n != 1 {
			t.Errorf("told of %d times:\n%s", n, told.String())
		}
	})
}

// What is darker is less light, and in the same order: nothing that could be
// read is lost.
func TestAShadeKeepsWhatCanBeRead(t *testing.T) {
	s := newShade(25, image.Rect(0, 0, 1, 1))
	if s.table[0] != 0 || s.table[255] != 136 { // 255 x 0.25^(1/2.2)
		t.Errorf("black is %d and white %d", s.table[0], s.table[255])
	}
	if !slices.IsSorted(s.table[:]) || newShade(100, image.Rectangle{}) != nil {
		t.Error("it changes the order, or what is not to be darker")
	}
}

// A darker picture is one more of what somebody typed.
func TestAShadeThatEndsKeepsNothing(t *testing.T) {
	m := newMetered(t, 90) // without a light
	for _, end := range []func() error{
		func() error { m.SetLight(Day); return m.update() },
		func() error { m.forget(); return nil },
	} {
		m.SetLight(Night)
		m.picture(t, noise(m.Bounds(), 33))
		ended := m.shade
		if ended == nil || slices.Max(ended.into.Pix) == 0 {
			t.Fatal("there is no darker picture")
		}
		if err := end(); err != nil || m.shade == ended || slices.Max(ended.into.Pix) != 0 {
			t.Errorf("it is still in memory: %v", err)
		}
	}
}

// The kernel may have the light of a panel on a bus as well.
func TestAKernelsLightOfAPanelOnABus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := lightFolder(t, "200", "200")
		light, err := openBacklight(folder)
		if err != nil {
			t.Fatal(err)
		}
		b := unplugged(t, small("st7789"), Options{Day: 80, Night: 15}, 0)
		b.screen.(*wire).pins.Light, b.screen.(*wire).pins.Kernel = nil, light
		b.run(t)
		for _, step := range []struct {
			light Light
			level string
		}{{Day, "160"}, {Night, "30"}, {Dark, "0"}, {Day, "160"}} {
			b.SetLight(step.light)
			time.Sleep(time.Second)
			if got := brightness(t, folder); got != step.level {
				t.Errorf("light %v: %s of 200", step.light, got)
			}
		}
	})
}

// A light that belongs to somebody else keeps no picture away, and is set once it
// may be.
func TestALightOfSomebodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := lightFolder(t, "200", "200")
		light, err := openBacklight(folder)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, "brightness")
		give := func(to string) {
			t.Helper()
			if err := errors.Join(os.Remove(file), os.Symlink(to, file)); err != nil {
				t.Fatal(err)
			}
		}
		give(sealed(t))
		b := unplugged(t, small("st7789"), Options{Day: 100, Night: 25}, 0)
		b.screen.(*wire).pins.Light, b.screen.(*wire).pins.Kernel = nil, light
		b.run(t)
		picture := noise(b.Bounds(), 31)
		b.Draw(b.Bounds(), picture, image.Point{})
		b.SetLight(Night)
		time.Sleep(time.Second)
		b.shows(t, newShade(25, picture.Rect).over(picture, picture.Rect))
		if now := b.State(time.Now()); now.Cause != nil {
			t.Errorf("it fails by its light: %v", now.Cause)
		}
		give(filepath.Join(lightFolder(t, "200", "200"), "brightness"))
		b.SetLight(Day)
		time.Sleep(time.Second)
		b.SetLight(Night)
		time.Sleep(time.Second)
		b.shows(t, picture)
		if got := brightness(t, folder); got != "50" {
			t.Errorf("its light is at %s of 200", got)
		}
	})
}

// sealed is a file that not even root may write to (memfd_create(2)).
func sealed(t *testing.T) string {
	t.Helper()
	fd, err := unix.MemfdCreate("sealed", unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if _, err := unix.Write(fd, []byte("200")); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_WRITE); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd)
}

// A channel for pulses comes without a period, or with that of somebody else.
func TestALightByAKernelsPulses(t *testing.T) {
	for was, left := range map[string]string{"0": "0", "50000000": "1000000"} {
		folder := t.TempDir()
		for name, text := range map[string]string{"period": was, "duty_cycle": was, "enable": "0"} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		light, err := openBacklight(folder)
		if err != nil {
			t.Fatal(err)
		}
		if picture, err := light.set(25); err != nil || picture != 100 {
			t.Errorf("%d %% are left to the picture: %v", picture, err)
		}
		for name, want := range map[string]string{"period": "1000000", "duty_cycle": "250000", "enable": "1"} {
			if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || strings.TrimSpace(string(got)) != want {
				t.Errorf("from %s: %s is %s: %v", was, name, got, err)
			}
		}
		if err := light.restore(); err != nil {
			t.Error(err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, "duty_cycle")); err != nil || string(got) != left {
			t.Errorf("from %s: the kernel refuses more than the period, and it is left at %s: %v", was, got, err)
		}
	}
}
