package panel

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/panel/paneltest"
)

// A bench is a panel on a model's bus.
type bench struct {
	*Panel
	model *paneltest.Model
	turn  int
	bits  int
}

// day is what most tests want: full light.
func day() Options { return Options{Day: 100, Night: 20} }

// plug puts a panel with a small glass on a model, and runs it until the test
// ends. Model, panel and test share a bubble, in which an hour takes no time.
func plug(t *testing.T, chip string, o Options, limit int) *bench {
	t.Helper()
	b := unplugged(t, small(chip), o, limit)
	b.run(t)
	return b
}

// unplugged is a panel that does not run.
func unplugged(t testing.TB, m paneltest.Module, o Options, limit int) *bench {
	t.Helper()
	c := Chips()[slices.IndexFunc(Chips(), func(c Chip) bool { return c.Name == m.Name })]
	c.Width, c.Height = m.Width, m.Height
	model := paneltest.New(m, limit)
	p, err := New(c, model.Port(), Pins{DC: model.DC(), Reset: model.Reset(), Light: model.Light()}, o)
	if err != nil {
		t.Fatal(err)
	}
	return &bench{p, model, o.Rotation, c.Bits}
}

// small is a module with a part of the pixels, which is quicker.
func small(name string) paneltest.Module {
	m := module(name)
	m.Width, m.Height = 120, 160
	return m
}

// run runs the panel to the end of the test; then it may not have broken a
// rule.
func (b *bench) run(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done
		b.noComplaints(t)
	})
}

func module(name string) paneltest.Module {
	all := paneltest.Modules()
	return all[slices.IndexFunc(all, func(m paneltest.Module) bool { return m.Name == name })]
}

func (b *bench) noComplaints(t testing.TB) {
	t.Helper()
	for _, c := range b.model.Complaints() {
		t.Error(c)
	}
}

// shows fails the test unless the eye sees the picture, rounded to the
// colours that the panel has.
func (b *bench) shows(t testing.TB, want *image.RGBA) {
	t.Helper()
	if at, differ := paneltest.Difference(b.model.Picture(b.turn), want, b.bits); differ {
		t.Fatalf("%s shows something else at %v", b, at)
	}
}

func noise(size image.Rectangle, seed uint64) *image.RGBA {
	m, r := image.NewRGBA(size), rand.New(rand.NewPCG(seed, 0))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32()) | byte(i%4/3*255) // opaque
	}
	return m
}

func dab(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// everyChip runs a test in a bubble for each chip.
func everyChip(t *testing.T, f func(t *testing.T, chip string)) {
	for _, c := range Chips() {
		t.Run(c.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { f(t, c.Name) })
		})
	}
}

func TestWhatIsDrawnIsSeenOnEveryChipHoweverItHangs(t *testing.T) {
	for _, turn := range []int{0, 90, 180, 270} {
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			everyChip(t, func(t *testing.T, chip string) {
				o := day()
				o.Rotation = turn
				b := plug(t, chip, o, 4096)
				picture := noise(b.Bounds(), 1)
				b.Draw(b.Bounds(), picture, image.Point{})
				time.Sleep(time.Second)
				b.shows(t, picture)
			})
		})
	}
}

func TestPartsOfAPictureGoWhereTheyBelongThroughAnyBus(t *testing.T) {
	for _, limit := range []int{0, 64, 4096} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			everyChip(t, func(t *testing.T, chip string) {
				b := plug(t, chip, day(), limit)
				picture, random := black(b.Bounds().Size()), rand.New(rand.NewPCG(2, 3))
				for n := range 30 {
					at := image.Pt(random.IntN(b.Bounds().Dx()), random.IntN(b.Bounds().Dy()))
					r := image.Rectangle{at, at.Add(image.Pt(1+random.IntN(70), 1+random.IntN(70)))}
					dab(picture, r, color.RGBA{byte(40 * n), byte(90 * n), byte(17 * n), 255})
					b.Draw(r, picture, r.Min)
					time.Sleep(time.Duration(n%3) * 10 * time.Millisecond) // some come together
				}
				time.Sleep(time.Second)
				b.shows(t, picture)
			})
		})
	}
}

func TestAGlassThatIsWiredOtherwiseShowsTheRightColours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		odd := small("ili9341")
		odd.BGR, odd.Inverted = !odd.BGR, !odd.Inverted
		o := day()
		o.SwapColours, o.Invert = true, true
		b := unplugged(t, odd, o, 0)
		b.run(t)
		picture := noise(b.Bounds(), 4)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		b.shows(t, picture)
	})
}

func TestAPanelWithoutAResetLineIsResetByCommand(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := unplugged(t, small(chip), day(), 4096)
		b.screen.(*wire).pins.Reset = nil
		b.run(t)
		picture := noise(b.Bounds(), 5)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		b.shows(t, picture)
	})
}

func TestNobodySeesWhatWasInTheMemoryBefore(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := unplugged(t, small(chip), day(), 4096)
		b.model.TakeTime()
		b.run(t)
		for range 40 {
			time.Sleep(20 * time.Millisecond)
			if b.model.Showing() {
				b.shows(t, black(b.Bounds().Size()))
			}
		}
		if !b.model.Showing() {
			t.Error("it is not on after 0.8 s")
		}
	})
}

func TestDrawNeverWaitsAndTheNewestPictureWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "st7796", day(), 4096)
		b.model.TakeTime()
		time.Sleep(time.Second)
		start, before := time.Now(), b.model.Traffic()
		var last *image.RGBA
		for n := range 100 {
			last = noise(b.Bounds(), uint64(n))
			b.Draw(b.Bounds(), last, image.Point{})
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("drawing waited for %v", d)
		}
		time.Sleep(50 * time.Millisecond) // two pictures take 20 ms
		b.shows(t, last)
		if n := b.model.Traffic().Sub(before).Bytes; n > 3*120*160*2 {
			t.Errorf("%d bytes were sent for 100 pictures of which one counts", n)
		}
	})
}

func TestOnlyWhatDiffersIsSent(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, day(), 4096)
		picture := noise(b.Bounds(), 6)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)

		before := b.model.Traffic()
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		if n := b.model.Traffic().Sub(before); n != (paneltest.Traffic{}) {
			t.Errorf("the same picture again sent %+v", n)
		}

		dab(picture, image.Rect(50, 60, 70, 80), color.White)
		before = b.model.Traffic()
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		pixel := map[int]int{16: 2, 18: 3}[b.bits]
		if n := b.model.Traffic().Sub(before).Bytes; n != 20*20*pixel+11 {
			t.Errorf("20x20 pixels and 11 bytes of window were %d bytes", n)
		}
		b.shows(t, picture)
	})
}

func TestAWindowIsCutShortWhereColumnsOrRowsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "ili9341", day(), 4096)
		picture := black(b.Bounds().Size())
		for _, step := range []struct {
			what  string
			r     image.Rectangle
			bytes int
		}{
			{"a new place", image.Rect(10, 10, 20, 20), 200 + 11},
			{"the same columns", image.Rect(10, 50, 20, 60), 200 + 6},
			{"the same first row", image.Rect(100, 50, 120, 80), 1200 + 6},
			{"the same window", image.Rect(100, 50, 120, 60), 400 + 1},
		} {
			time.Sleep(time.Second)
			before := b.model.Traffic()
			dab(picture, step.r, color.RGBA{byte(step.bytes), byte(step.bytes), 200, 255})
			b.Draw(step.r, picture, step.r.Min)
			time.Sleep(time.Second)
			if n := b.model.Traffic().Sub(before).Bytes; n != step.bytes {
				t.Errorf("%s: %d bytes, not %d", step.what, n, step.bytes)
			}
			b.shows(t, picture)
		}
	})
}

func TestWhatWasSentIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "ili9488", day(), 4096)
		b.Draw(b.Bounds(), noise(b.Bounds(), 17), image.Point{})
		time.Sleep(time.Second)
		synctest.Wait()
		for i, v := range b.screen.(*wire).buffer[1:] { // before that is the last command
			if v != 0 {
				t.Fatalf("byte %d of the last transfer is still there", i)
			}
		}
	})
}

func TestAPanelWithoutAPinForDataAndCommandIsRefused(t *testing.T) {
	m := paneltest.New(module("st7789"), 0)
	if _, err := New(ST7789(), m.Port(), Pins{}, day()); err == nil || !strings.Contains(err.Error(), "data and command") {
		t.Error(err)
	}
}

func TestAClockAboveTheLimitIsSeen(t *testing.T) {
	o := day()
	o.Clock = 80 * physic.MegaHertz
	b := unplugged(t, small("ili9341"), o, 0)
	if c := b.model.Complaints(); len(c) != 1 || !strings.Contains(c[0], "clock of 80MHz") {
		t.Errorf("complaints: %q", c)
	}
}
