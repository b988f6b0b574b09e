package touch_test

import (
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"

	"unlockpoint/display/touch"
	"unlockpoint/display/touch/touchtest"
)

// pen runs a story on a resistive glass that is read in raw counts.
func pen(t *testing.T, story func(*bench, *touchtest.XPT2046)) {
	synctest.Test(t, func(t *testing.T) {
		m := touchtest.NewXPT2046()
		chip, err := touch.NewXPT2046(m, m.Pen)
		if err != nil {
			t.Fatal(err)
		}
		with(t, chip, m, []*touchtest.Pin{m.Pen}, touch.Config{Raw: true}, func(b *bench) { story(b, m) })
	})
}

// places are where a pen was said to be.
func (b *bench) places(within time.Duration) (at []image.Point, phases string) {
	end := time.After(within)
	for {
		select {
		case e := <-b.source.Events():
			at = append(at, image.Pt(e.Touch.X, e.Touch.Y))
			phases += [...]string{"d", "m", "u", "l"}[e.Touch.Phase]
		case <-end:
			return at, phases
		}
	}
}

func TestNoiseMovesAPenByLittle(t *testing.T) {
	pen(t, func(b *bench, m *touchtest.XPT2046) {
		m.Noise(20, 9)
		for _, want := range []image.Point{{300, 300}, {2048, 2048}, {3900, 250}} {
			m.Touch(want, 700)
			at, phases := b.places(time.Second)
			if !strings.HasPrefix(phases, "d") || strings.Trim(phases[1:], "m") != "" {
				t.Errorf("a pen at rest: %s", phases)
			}
			for _, p := range at {
				if d := p.Sub(want); max(d.X, -d.X, d.Y, -d.Y) > 20 {
					t.Errorf("the pen at %v is seen at %v", want, p)
				}
			}
			m.Lift()
			if _, phases := b.places(late); strings.Trim(phases, "m") != "u" {
				t.Errorf("a pen that is lifted: %s", phases)
			}
		}
	})
}

func TestALightTouchIsNoneAndMayGetLighter(t *testing.T) {
	pen(t, func(b *bench, m *touchtest.XPT2046) {
		at := image.Pt(2000, 2000)
		m.Touch(at, 2000)
		b.expect(late, "")
		m.Touch(at, 1200)
		b.expect(soon, "down 0 at 2000,2000")
		m.Touch(at, 2000)
		b.expect(late, "")
		m.Touch(at, 4000)
		b.expect(late, "up 0 at 2000,2000")
	})
}

func TestAPenThatBouncesIsDownOnce(t *testing.T) {
	pen(t, func(b *bench, m *touchtest.XPT2046) {
		at := image.Pt(2000, 2000)
		m.Touch(at, 500)
		b.expect(soon, "down 0 at 2000,2000")
		m.Lift()
		time.Sleep(8 * time.Millisecond) // one look at most
		m.Touch(at, 500)
		b.expect(late, "")
		m.Lift()
		b.expect(late, "up 0 at 2000,2000")
	})
}

func TestWhatIsNeverSteadyIsNoFinger(t *testing.T) {
	pen(t, func(b *bench, m *touchtest.XPT2046) {
		at := image.Pt(2000, 2000)
		m.Touch(at, 100)
		b.expect(soon, "down 0 at 2000,2000")
		m.Noise(400, 0)
		b.places(10 * time.Millisecond)
		if _, phases := b.places(time.Second); !strings.HasSuffix(phases, "l") {
			t.Errorf("it ends with %q", phases)
		}
		m.Noise(0, 0)
		b.expect(late, "")
		m.Lift()
		b.pass(late)
		m.Touch(at, 500)
		b.expect(late, "down 0 at 2000,2000")
	})
}

// TestAPalmOnResistiveGlassMeansNothing: it lies still, as a finger does, but
// presses more of the plates together.
func TestAPalmOnResistiveGlassMeansNothing(t *testing.T) {
	pen(t, func(b *bench, m *touchtest.XPT2046) {
		for _, c := range []struct {
			ohms []int // as it comes down and goes up
			want string
		}{
			{[]int{60}, ""},
			{[]int{900, 300, 60, 300, 900}, "dl"},
			{[]int{150}, "du"},
			{[]int{900, 150, 900}, "du"},
		} {
			phases := ""
			for _, ohms := range c.ohms {
				m.Touch(image.Pt(2000, 2000), ohms)
				_, more := b.places(50 * time.Millisecond)
				phases += more
			}
			m.Lift()
			_, more := b.places(late)
			if phases = strings.ReplaceAll(phases+more, "m", ""); phases != c.want {
				t.Errorf("%v ohms: %q, want %q", c.ohms, phases, c.want)
			}
		}
	})
}

// A pen interrupt spares looks once it told of a finger, until one comes of
// which it says nothing.
func TestAPenInterruptIsBelievedAsLongAsItTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := touchtest.NewXPT2046()
		wire := &cut{Pin: m.Pen}
		chip, err := touch.NewXPT2046(m, wire)
		if err != nil {
			t.Fatal(err)
		}
		with(t, chip, m, []*touchtest.Pin{m.Pen}, touch.Config{Raw: true}, func(b *bench) {
			looks := func(during time.Duration) int {
				before := m.Transfers()
				b.expect(during, "")
				return m.Transfers() - before
			}
			touched := func(within time.Duration) {
				m.Touch(image.Pt(2000, 2000), 500)
				b.expect(within, "down 0 at 2000,2000")
				m.Lift()
				b.expect(late, "up 0 at 2000,2000")
			}
			if n := looks(10 * time.Second); n < 90 {
				t.Errorf("%d looks in 10 s at what nobody has touched", n)
			}
			touched(soon)
			if n := looks(10 * time.Second); n < 8 || n > 15 {
				t.Errorf("%d looks in 10 s at what is believed", n)
			}
			wire.off.Store(true)
			touched(1100 * time.Millisecond)
			if n := looks(10 * time.Second); n < 90 {
				t.Errorf("%d looks in 10 s beside a wire that is off", n)
			}
			touched(late)
		})
	})
}

// cut is a wire that may come off: its pull-up is read.
type cut struct {
	*touchtest.Pin
	off atomic.Bool
}

func (c *cut) Read() gpio.Level { return gpio.Level(c.off.Load()) || c.Pin.Read() }

func (c *cut) WaitForEdge(d time.Duration) bool {
	if c.off.Load() {
		time.Sleep(d)
		return false
	}
	return c.Pin.WaitForEdge(d)
}
