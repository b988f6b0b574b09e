package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/spi"
	"periph.io/x/host/v3"

	"unlockpoint/display"
	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/touch/touchtest"
	"unlockpoint/sync/socket"
)

// resistive is a panel of 3.5 inches on its side, with an XPT2046 whose glass
// counts the other way round, from 300 to 3700, and is glued on 3 degrees off.
const resistive = `
data = %q
[panel]
driver = "st7796"
bus = "SPI0.0"
dc = "DC"
reset = "RESET"
rotation = 90
pixels_per_mm = 6.45
[touch]
driver = "xpt2046"
bus = "SPI0.1"
interrupt = "PENIRQ"
`

// mount is that panel as somebody stands in front of it.
type mount struct {
	panel *paneltest.Model
	glass *touchtest.XPT2046
}

// mounted makes one part of this machine, until the test ends.
func mounted(t *testing.T) mount {
	t.Helper()
	modules := paneltest.Modules()
	st7796 := modules[slices.IndexFunc(modules, func(m paneltest.Module) bool { return m.Name == "st7796" })]
	w := mount{paneltest.New(st7796, 4096), touchtest.NewXPT2046()}
	w.glass.Noise(8, 11)
	boardtest.SPI(t, w.panel.Port, -1, "SPI0.0")
	boardtest.SPI(t, func() spi.PortCloser { return w.glass }, -1, "SPI0.1")
	boardtest.Pins(t, w.panel.DC(), w.panel.Reset())
	boardtest.Pins(t, w.glass.Pen)
	t.Cleanup(func() {
		for _, c := range slices.Concat(w.panel.Complaints(), w.glass.Complaints(), w.glass.Pen.Complaints()) {
			t.Error(c)
		}
	})
	return w
}

// press holds a pen on a pixel, for 0.3 s.
func (w mount) press(at image.Point) {
	sin, cos := math.Sincos(3 * math.Pi / 180)
	u, v := float64(at.X)/480-0.5, float64(at.Y)/320-0.5
	u, v = u*cos-v*sin, u*sin+v*cos
	w.glass.Touch(image.Pt(int(2000-3400*v), int(2000+3400*u)), 600)
	time.Sleep(300 * time.Millisecond)
	w.glass.Lift()
	time.Sleep(200 * time.Millisecond)
}

// cross is the middle of the cross that is to be seen, if there is one.
func (w mount) cross() (image.Point, bool) {
	seen := w.panel.Picture(90)
	var dark image.Rectangle
	count := 0
	for y := range seen.Rect.Dy() {
		for x := range seen.Rect.Dx() {
			if seen.RGBAAt(x, y).G < 0x80 {
				dark = dark.Union(image.Rect(x, y, x+1, y+1))
				count++
			}
		}
	}
	return dark.Min.Add(dark.Max).Div(2), count > 0 && count < 1000
}

// story runs f in front of one.
func story(t *testing.T, f func(t *testing.T, w mount)) {
	if _, err := host.Init(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { f(t, mounted(t)) })
}

// A field engineer taps beside a mark, and one mark twice, and has to tap all
// again; then touches of the terminal that starts are where the pen is.
func TestAPanelIsCalibratedAtTheWall(t *testing.T) {
	c, err := parseConfig(fmt.Sprintf(resistive, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	story(t, func(t *testing.T, w mount) {
		var said, logged strings.Builder // what runs at the same time writes to them
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- tapOut(ctx, c, &said, slog.New(slog.NewTextHandler(&logged, nil)))
			stop()
		}()
		w.isTapped(ctx)
		if err := <-done; err != nil {
			t.Fatalf("%v\n%s\n%s", err, said.String(), logged.String())
		}
		for _, want := range []string{
			"1 of 5, top left: tapped\n", "5 of 5, middle: that is where mark 4 was. tapped\n", "Not taken: a mark was tapped",
			"Once more from the first.\n1 of 5", "The taps fit to 0.", "Kept in " + c.Touch.Calibration,
		} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("no %q in\n%s", want, said.String())
			}
		}
	})
	story(t, func(t *testing.T, w mount) { w.isTouchedRightly(t, c) })
}

// An engineer who cannot log in to the machine has the glass calibrated from the
// console, and the terminal serves whatever comes of it.
func TestAPanelIsCalibratedFromTheConsole(t *testing.T) {
	c, err := parseConfig(fmt.Sprintf(resistive, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if err := (&desk{cfg: c}).Calibrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	story(t, func(t *testing.T, w mount) {
		var logged strings.Builder
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan bool)
		go func() {
			defer close(done)
			c.calibrated(ctx, slog.New(slog.NewTextHandler(&logged, nil)))
			stop()
		}()
		w.isTapped(ctx)
		<-done
		if !strings.Contains(logged.String(), "the glass was calibrated") {
			t.Error(logged.String())
		}
		c.calibrated(t.Context(), nil) // once is enough: nothing happens
	})
	story(t, func(t *testing.T, w mount) { w.isTouchedRightly(t, c) })
	c.Touch.Driver = "ft6336"
	if err := (&desk{cfg: c}).Calibrate(t.Context()); err == nil || !strings.Contains(err.Error(), "only an xpt2046") {
		t.Error(err)
	}
}

// isTapped taps what is to be seen, once a second.
func (w mount) isTapped(ctx context.Context) {
	for taps := 0; ctx.Err() == nil; time.Sleep(time.Second) {
		at, shown := w.cross()
		if !shown {
			continue
		}
		switch taps++; taps {
		case 2: // beside it
			at = at.Add(image.Pt(-90, 60))
		case 4: // twice
			w.press(at)
			time.Sleep(time.Second)
		}
		w.press(at)
	}
}

// isTouchedRightly starts what a terminal starts, and looks where it is
// touched.
func (w mount) isTouchedRightly(t *testing.T, c config) {
	f, err := newFace(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- runAll(ctx, f.parts...) }()
	time.Sleep(2 * time.Second) // resets are over
	for _, want := range []image.Point{{10, 10}, {470, 20}, {240, 160}, {460, 310}, {15, 300}} {
		go w.press(want)
		for e := range f.events {
			if d := image.Pt(e.Touch.X, e.Touch.Y).Sub(want); max(d.X, -d.X, d.Y, -d.Y) > 3 {
				t.Errorf("%v is touched %v beside it", want, d)
			}
			if e.Touch.Phase == display.Up {
				break
			}
		}
		time.Sleep(time.Second)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Nothing is asked where nothing can come of it.
func TestACalibrationThatCannotBeIsToldBefore(t *testing.T) {
	folder := t.TempDir()
	running, err := socket.Listen(filepath.Join(folder, "terminal.sock"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Welcome") })
	go func() { served <- socket.Serve(ctx, running, page) }()
	for want, text := range map[string]string{
		"touch.driver is \"ft6336\": only an xpt2046": strings.ReplaceAll(fmt.Sprintf(resistive, folder), "xpt2046", "ft6336"),
		"in a folder that there is":                   fmt.Sprintf(resistive, filepath.Join(folder, "nowhere")),
		"the terminal is running: stop it":            fmt.Sprintf(resistive, folder),
	} {
		c, err := parseConfig(text)
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		err = tapOut(t.Context(), c, &said, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), want) || said.Len() > 0 {
			t.Errorf("%v, not %q; said %q", err, want, said.String())
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// A mark that nobody taps does not keep the panel for ever.
func TestACalibrationThatNobodyTapsEnds(t *testing.T) {
	c, err := parseConfig(fmt.Sprintf(resistive, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	story(t, func(t *testing.T, w mount) {
		err := tapOut(t.Context(), c, io.Discard, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "mark 1: no touch for 2m0s") {
			t.Error(err)
		}
	})
}

// What is wrong with panel or touch is told with its line.
func TestACalibrationNamesTheLineThatIsWrong(t *testing.T) {
	mounted(t)
	for want, wrong := range map[string][2]string{
		"line 5: panel: bus is \"SPI9.0\", and there is no such SPI port: there is SPI0.0, SPI0.1": {"SPI0.0", "SPI9.0"},
		"line 12: touch: bus is \"SPI9.1\", and there is no such SPI port":                         {"SPI0.1", "SPI9.1"},
		"line 11: touch.driver is \"ft6336\"":                                                      {"xpt2046", "ft6336"},
	} {
		text := strings.ReplaceAll(fmt.Sprintf(resistive, t.TempDir()), wrong[0], wrong[1])
		c, err := parseConfig(text)
		if err != nil {
			t.Fatal(err)
		}
		c.path, c.text = "terminal.toml", text
		err = tapOut(t.Context(), c, io.Discard, slog.New(slog.DiscardHandler))
		if err == nil || !strings.HasPrefix(err.Error(), "terminal.toml: "+want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}
