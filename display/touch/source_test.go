package touch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/touch"
	"unlockpoint/display/touch/touchtest"
)

// model is a controller on the bench.
type model interface {
	Break(error)
	Lose(oneIn int)
	Transfers() int
	Complaints() []string
}

// bench is a source that runs over a model.
type bench struct {
	t      *testing.T
	source *touch.Source
	log    bytes.Buffer
}

// with runs a story in a bubble of its own time.
func with(t *testing.T, chip touch.Chip, m model, pins []*touchtest.Pin, cfg touch.Config, story func(*bench)) {
	t.Helper()
	b := &bench{t: t}
	if cfg.Panel == (image.Point{}) {
		cfg.Panel = image.Pt(320, 480)
	}
	cfg.Log = slog.New(slog.NewTextHandler(&b.log, nil))
	source, err := touch.New(chip, cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.source = source
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- source.Run(ctx) }()
	b.pass(2 * time.Second) // resets are over
	story(b)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	complaints := m.Complaints()
	for _, p := range pins {
		complaints = append(complaints, p.Complaints()...)
	}
	for _, c := range complaints {
		t.Error(c)
	}
}

// pass lets time go by, and everybody do what there is to do by then.
func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// said is what comes out within a time, in words.
func (b *bench) said(within time.Duration) string {
	var out []string
	end := time.After(within)
	for {
		select {
		case e := <-b.source.Events():
			phase := [...]string{"down", "move", "up", "lost"}[e.Touch.Phase]
			out = append(out, fmt.Sprintf("%s %d at %d,%d", phase, e.Touch.Finger, e.Touch.X, e.Touch.Y))
		case <-end:
			return strings.Join(out, "; ")
		}
	}
}

// soon is long enough for what an edge or a question brings.
const soon = 45 * time.Millisecond

// late is long enough for what nobody was told of.
const late = 130 * time.Millisecond

func (b *bench) expect(within time.Duration, want string) {
	b.t.Helper()
	if got := b.said(within); got != want {
		b.t.Errorf("%q came out, not %q", got, want)
	}
}

// glass is a model with fingers on it, by pixels of the panel.
type glass struct {
	name  string
	chip  touch.Chip
	model model
	pins  []*touchtest.Pin
	touch func(...image.Point)
	reset func() // a spark
}

// glasses are all controllers, with or without what is wired to them.
func glasses(t *testing.T) []glass {
	ft, plainFT := touchtest.NewFT6336(), touchtest.NewFT6336()
	gt, plainGT := touchtest.NewGT911(0x14, image.Pt(640, 960)), touchtest.NewGT911(0x14, image.Pt(320, 480))
	plainGT.Trigger = 0
	xpt, plainXPT := touchtest.NewXPT2046(), touchtest.NewXPT2046()
	plainXPT.Pen.Plain()
	newGT := func(m *touchtest.GT911, address uint16, wired bool) touch.Chip {
		var chip *touch.GT911
		var err error
		if wired {
			chip, err = touch.NewGT911(m, address, m.Int, m.Reset)
		} else {
			chip, err = touch.NewGT911(m, address, nil, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		return chip
	}
	newXPT := func(m *touchtest.XPT2046) touch.Chip {
		chip, err := touch.NewXPT2046(m, m.Pen)
		if err != nil {
			t.Fatal(err)
		}
		return chip
	}
	pen := func(m *touchtest.XPT2046) func(...image.Point) {
		return func(at ...image.Point) {
			if len(at) == 0 {
				m.Lift()
				return
			}
			// The usual edges, 200 to 3900, over 320x480; a count more for the middle of a pixel.
			m.Touch(image.Pt(200+at[0].X*3701/320+6, 200+at[0].Y*3701/480+4), 500)
		}
	}
	twice := func(at ...image.Point) {
		for i := range at {
			at[i] = at[i].Mul(2)
		}
		gt.Touch(at...)
	}
	return []glass{
		{"FT6336", touch.NewFT6336(ft, ft.Int, ft.Reset), ft, []*touchtest.Pin{ft.Int, ft.Reset}, ft.Touch, ft.ResetItself},
		{"FT6336 without pins", touch.NewFT6336(plainFT, nil, nil), plainFT, nil, plainFT.Touch, plainFT.ResetItself},
		{"GT911", newGT(gt, 0x5d, true), gt, []*touchtest.Pin{gt.Int, gt.Reset}, twice, gt.ResetItself},
		{"GT911 without pins", newGT(plainGT, 0, false), plainGT, nil, plainGT.Touch, plainGT.ResetItself},
		{"XPT2046", newXPT(xpt), xpt, []*touchtest.Pin{xpt.Pen}, pen(xpt), nil},
		{"XPT2046 without edges", newXPT(plainXPT), plainXPT, []*touchtest.Pin{plainXPT.Pen}, pen(plainXPT), nil},
	}
}

// each tells a story on every controller.
func each(t *testing.T, story func(*bench, glass)) {
	for i := range glasses(t) {
		synctest.Test(t, func(t *testing.T) {
			g := glasses(t)[i]
			t.Logf("on %s", g.name)
			with(t, g.chip, g.model, g.pins, touch.Config{}, func(b *bench) { story(b, g) })
		})
	}
}

func TestATapAndADragOnEveryController(t *testing.T) {
	each(t, func(b *bench, g glass) {
		for range 3 {
			g.touch(image.Pt(10, 20))
			b.expect(soon, "down 0 at 10,20")
			b.expect(time.Second, "")
			g.touch(image.Pt(300, 460))
			b.expect(soon, "move 0 at 300,460")
			g.touch()
			b.expect(2*soon, "up 0 at 300,460")
		}
	})
}

func TestAFingerThatWasThereFirstMeansNothing(t *testing.T) {
	for i := range glasses(t) {
		synctest.Test(t, func(t *testing.T) {
			g := glasses(t)[i]
			t.Logf("on %s", g.name)
			g.touch(image.Pt(10, 20))
			with(t, g.chip, g.model, g.pins, touch.Config{}, func(b *bench) {
				g.touch()
				b.expect(late, "")
				g.touch(image.Pt(30, 40))
				b.expect(late, "down 0 at 30,40")
			})
		})
	}
}

func TestLostInterruptsAreMadeUpFor(t *testing.T) {
	each(t, func(b *bench, g glass) {
		for _, p := range g.pins {
			p.Deafen(true)
		}
		g.touch(image.Pt(10, 20))
		b.expect(late, "down 0 at 10,20")
		g.touch()
		b.expect(late, "up 0 at 10,20")
	})
}

func TestABusThatFailsLosesTheTouchAndIsToldOfOnce(t *testing.T) {
	each(t, func(b *bench, g glass) {
		g.touch(image.Pt(10, 20))
		b.expect(soon, "down 0 at 10,20")
		g.model.Break(errors.New("cable came off"))
		b.expect(soon, "lost 0 at 10,20")
		before := g.model.Transfers()
		b.expect(time.Minute, "")
		if n := g.model.Transfers() - before; n < 5 || n > 40 {
			b.t.Errorf("it was tried %d times in a minute", n)
		}
		if s := b.source.State(time.Now()); s.Down.IsZero() || s.Times != 1 {
			b.t.Errorf("it is said to be %+v", s)
		}
		g.model.Break(nil)
		b.expect(15*time.Second, "") // the finger is still there
		if s := b.source.State(time.Now()); !s.Down.IsZero() {
			b.t.Errorf("it works and is said to be %+v", s)
		}
		g.touch()
		b.expect(late, "")
		g.touch(image.Pt(30, 40))
		b.expect(late, "down 0 at 30,40")
		if n := strings.Count(b.log.String(), "cable came off"); n != 1 {
			b.t.Errorf("told %d times:\n%s", n, b.log.String())
		}
	})
}

func TestNoiseOnTheBusTouchesNothingElse(t *testing.T) {
	each(t, func(b *bench, g glass) {
		g.model.Lose(101)
		heard := 0
		for n := range 60 {
			at := image.Pt(10+5*n, 20+7*n)
			g.touch(at)
			said := b.said(300 * time.Millisecond)
			g.touch()
			for _, e := range strings.Split(said+"; "+b.said(time.Second), "; ") {
				if e != "" && !strings.HasSuffix(e, fmt.Sprintf(" 0 at %d,%d", at.X, at.Y)) {
					b.t.Errorf("%q while %v was touched", e, at)
				}
				if strings.HasPrefix(e, "down") {
					heard++
				}
			}
		}
		if heard < 30 {
			b.t.Errorf("%d of 60 touches were heard", heard)
		}
		g.model.Lose(0)
		b.expect(15*time.Second, "")
		g.touch(image.Pt(30, 40))
		b.expect(late, "down 0 at 30,40")
	})
}

func TestAFingerThatLeavesWhileTheBusFailsIsForgotten(t *testing.T) {
	each(t, func(b *bench, g glass) {
		g.touch(image.Pt(10, 20))
		b.expect(soon, "down 0 at 10,20")
		g.model.Break(errors.New("cable came off"))
		b.expect(soon, "lost 0 at 10,20")
		g.touch()
		g.model.Break(nil)
		b.pass(2 * time.Second)
		g.touch(image.Pt(30, 40))
		b.expect(late, "down 0 at 30,40")
	})
}

// The silence of a controller that has just started is not a finger going up.
func TestAControllerThatResetsItselfLosesTheTouch(t *testing.T) {
	each(t, func(b *bench, g glass) {
		if g.reset == nil {
			return // a resistive one has nothing to forget
		}
		g.touch(image.Pt(10, 20))
		b.expect(soon, "down 0 at 10,20")
		g.reset()
		b.expect(soon, "lost 0 at 10,20")
		b.expect(2*time.Second, "")
		g.touch()
		b.expect(2*time.Second, "")
		g.touch(image.Pt(10, 20))
		b.expect(late, "down 0 at 10,20")
	})
}

func TestIdleGlassIsAskedSeldomWhereThereAreEdges(t *testing.T) {
	each(t, func(b *bench, g glass) {
		before := g.model.Transfers()
		b.expect(10*time.Second, "")
		most := 250 // two a question, ten questions a second
		if len(g.pins) == 0 || strings.Contains(g.name, "without") {
			most = 1100
		}
		if n := g.model.Transfers() - before; n > most {
			b.t.Errorf("%d transfers in ten seconds", n)
		}
	})
}

func TestTwoFingersAndAPalm(t *testing.T) {
	type capacitive interface {
		Touch(...image.Point)
		Palm(image.Point)
	}
	each(t, func(b *bench, g glass) {
		m, ok := g.model.(capacitive)
		if !ok {
			return
		}
		g.touch(image.Pt(10, 20))
		g.touch(image.Pt(10, 20), image.Pt(30, 40))
		g.touch(image.Pt(10, 20))
		b.expect(soon, "down 0 at 10,20")
		g.touch(image.Pt(10, 20), image.Pt(30, 40))
		b.expect(soon, "down 1 at 30,40")
		m.Palm(image.Pt(50, 50))
		b.expect(soon, "lost 0 at 10,20; lost 1 at 30,40")
		g.touch(image.Pt(10, 20))
		b.expect(soon, "")
		g.touch()
		b.pass(soon)
		g.touch(image.Pt(10, 20))
		b.expect(late, "down 0 at 10,20")
		g.touch(image.Pt(10, 20), image.Pt(30, 40), image.Pt(50, 60))
		b.expect(soon, "lost 0 at 10,20")
	})
}

func TestTheWrongControllerIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ft := touchtest.NewFT6336()
		ft.Identify(0x79, 0x54)
		with(t, touch.NewFT6336(ft, nil, nil), ft, nil, touch.Config{}, func(b *bench) {
			if !strings.Contains(b.log.String(), "no FT6336") {
				t.Error(b.log.String())
			}
		})
		gt := touchtest.NewGT911(0x5d, image.Pt(320, 480))
		gt.Product = "928"
		chip, err := touch.NewGT911(gt, 0, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		with(t, chip, gt, nil, touch.Config{}, func(b *bench) {
			if !strings.Contains(b.log.String(), `928`) {
				t.Error(b.log.String())
			}
		})
		if _, err := touch.NewGT911(gt, 0x28, nil, nil); err == nil {
			t.Error("an address of eight bits passes")
		}
	})
}

// Whichever way it pulses, an edge is what tells of a touch, not the next
// question, at whatever moment the touch comes.
func TestTheInterruptOfAGT911MayRiseOrFall(t *testing.T) {
	for _, trigger := range []byte{0, 1} {
		synctest.Test(t, func(t *testing.T) {
			m := touchtest.NewGT911(0x5d, image.Pt(320, 480))
			m.Trigger = trigger
			chip, err := touch.NewGT911(m, 0x5d, m.Int, nil)
			if err != nil {
				t.Fatal(err)
			}
			with(t, chip, m, []*touchtest.Pin{m.Int}, touch.Config{}, func(b *bench) {
				for range 5 {
					m.Touch(image.Pt(1, 2))
					b.expect(soon, "down 0 at 1,2")
					m.Touch()
					b.expect(soon, "up 0 at 1,2")
					b.pass(137 * time.Millisecond)
				}
			})
		})
	}
}

func TestTheAddressIsChosenByTheInterruptPin(t *testing.T) {
	for _, address := range []uint16{0x5d, 0x14} {
		synctest.Test(t, func(t *testing.T) {
			m := touchtest.NewGT911(0x5d^0x14^address, image.Pt(320, 480))
			chip, err := touch.NewGT911(m, address, m.Int, m.Reset)
			if err != nil {
				t.Fatal(err)
			}
			with(t, chip, m, []*touchtest.Pin{m.Int, m.Reset}, touch.Config{}, func(b *bench) {
				m.Touch(image.Pt(1, 2))
				b.expect(soon, "down 0 at 1,2")
			})
		})
	}
}
