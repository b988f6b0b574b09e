package panel

import (
	"image"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/typing"
)

// meter is a bus that counts and does nothing else, so that what is measured
// is the driver alone.
type meter struct {
	spi.Conn
	paneltest.Traffic
}

var (
	_ spi.Port    = (*meter)(nil)
	_ conn.Limits = (*meter)(nil)
)

func (m *meter) String() string                                            { return "meter" }
func (m *meter) MaxTxSize() int                                            { return 4096 }
func (m *meter) Connect(physic.Frequency, spi.Mode, int) (spi.Conn, error) { return m, nil }

func (m *meter) Tx(w, r []byte) error {
	m.Bytes += len(w)
	m.Transfers++
	return nil
}

// still is a line to nothing.
type still struct{ gpio.PinOut }

func (still) Out(gpio.Level) error { return nil }

// A metered is a 3.5 inch panel of 16 bits on a meter, started, and what
// fills it: all that happens between a page and the last byte, in one
// goroutine.
type metered struct {
	*courier
	bus     *meter
	painter *paint.Painter
	frame   *image.RGBA
}

func newMetered(t testing.TB, rotation int) *metered {
	bus, o := &meter{}, day()
	o.Rotation = rotation
	p, err := New(ST7796(), bus, Pins{DC: still{}}, o)
	if err != nil {
		t.Fatal(err)
	}
	c := newCourier(p)
	if err := c.screen.reset(); err != nil {
		t.Fatal(err)
	}
	if err := c.refresh(); err != nil {
		t.Fatal(err)
	}
	return &metered{c, bus, paint.New(), image.NewRGBA(p.Bounds())}
}

// page paints a layout and sends it; it says what that took on the bus.
func (m *metered) page(t testing.TB, l layout.Layout) paneltest.Traffic {
	m.painter.Paint(l, m.frame)
	return m.picture(t, m.frame)
}

func (m *metered) picture(t testing.TB, picture *image.RGBA) paneltest.Traffic {
	before := m.bus.Traffic
	m.Draw(m.Bounds(), picture, image.Point{})
	if err := m.update(); err != nil {
		t.Fatal(err)
	}
	return m.bus.Sub(before)
}

// cpu is the processor time that f takes, which other programs do not add to.
func cpu(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := threadTime()
	f()
	return threadTime() - before
}

func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // every Linux has it
	}
	return time.Duration(t.Nano())
}

// samples are pages of every kind on the 3.5 inch panel, further parts not.
func samples() []layout.Layout {
	var all []layout.Layout
	for _, page := range layouttest.Samples() {
		all = append(all, layout.Of(page, layouttest.Small(), typing.State{}))
	}
	return all
}

// painted is how they look.
func painted() []*image.RGBA {
	painter := paint.New()
	var all []*image.RGBA
	for _, l := range samples() {
		m := image.NewRGBA(l.Screen.Bounds())
		painter.Paint(l, m)
		all = append(all, m)
	}
	return all
}
