package panel

import (
	"bytes"
	"image"
	"math"
	"testing"
	"time"

	"periph.io/x/conn/v3/physic"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// The numbers of make bench-panel, all at 480x320 on 3.5 inches with 16 bits a
// pixel. Time on the bus is the model's: bits by the clock, and 20 us for each
// transfer of up to 4096 bytes. To that comes the processor time that this
// machine needs for layout, painting, both comparisons and sending.
const usual = 32 * physic.MegaHertz

// BenchmarkChar is panel.char_bytes: the most that a masked character sends,
// commands and all, from the first one on, on any page of the product in any
// text size, with what is touched where it usually is and in the
// lower half. That is by keypad: by touch the key on the panel also lights up
// and goes out again, several thousand bytes each, which panel.key_ms has in it.
func BenchmarkChar(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(charBytes(b)), "bytes/char")
	}
}

func TestAMaskedCharacterSendsAtMost600Bytes(t *testing.T) {
	if n := charBytes(t); n == 0 || n > 600 {
		t.Errorf("%d bytes", n)
	}
}

func charBytes(t testing.TB) (most int) {
	m := newMetered(t, 90)
	everyField(func(page display.Page) {
		const digits = "12"
		m.page(t, typed(page, "", true))
		for n := 1; n <= len(digits); n++ {
			most = max(most, m.page(t, typed(page, digits[:n], true)).Bytes)
		}
	})
	return most
}

// typed is a page with something in its field.
func typed(page display.Page, value string, masked bool) layout.Layout {
	field := *page.Field
	field.Value, field.Masked = display.NewSecret(value), masked
	page.Field = &field
	return layout.Of(page, layouttest.Small(), typing.State{})
}

// BenchmarkGlyph is panel.glyph_bytes: the most that a character sends that is
// shown, with capitals 4.9 mm high in a box of its own, next to the box that the
// mark of the next character moves to; and panel.glyph_mean. Beside it,
// panel.shown_bytes is the most on the pages themselves, in all text sizes.
func BenchmarkGlyph(b *testing.B) {
	for b.Loop() {
		mean, most := glyphBytes(b)
		b.ReportMetric(float64(most), "bytes/glyph")
		b.ReportMetric(mean, "bytes/glyph-mean")
		b.ReportMetric(float64(shownBytes(b)), "bytes/shown")
	}
}

func TestACharacterThatIsShownSendsAtMost1600Bytes(t *testing.T) {
	if _, most := glyphBytes(t); most < 1000 || most > 1600 {
		t.Errorf("%d bytes in a box", most)
	}
	if n := shownBytes(t); n < 500 || n > 1600 {
		t.Errorf("%d bytes on a page", n)
	}
}

func glyphBytes(t testing.TB) (mean float64, most int) {
	m, sum := newMetered(t, 90), 0
	for c := '!'; c <= '~'; c++ {
		m.page(t, glyph(""))
		n := m.page(t, glyph(string(c))).Bytes
		sum, most = sum+n, max(most, n)
	}
	return float64(sum) / ('~' - '!' + 1), most
}

// glyph is two boxes for characters that are 4.9 mm high.
func glyph(c string) layout.Layout {
	screen, px := layouttest.Small(), 1
	for theme.Regular.Font().CapHeight(px) < int(4.9*screen.PPMM+0.5) {
		px++
	}
	all, cells := image.Rect(20, 20, 200, 100), []image.Rectangle{image.Rect(20, 20, 100, 100), image.Rect(120, 20, 200, 100)}
	return layout.Layout{Screen: screen, Field: &display.Field{Value: display.NewSecret(c)}, Boxes: []layout.Box{
		{Rect: all, Style: theme.Input, Value: &layout.Value{Rect: all, Cells: cells, Px: px}},
	}}
}

// dearest are characters that send most.
const dearest = "W8"

func shownBytes(t testing.TB) (most int) {
	m := newMetered(t, 90)
	everyField(func(page display.Page) {
		empty := typed(page, "", false)
		for _, c := range dearest {
			if typing.Accepts(page.Field, c) {
				m.page(t, empty)
				most = max(most, m.page(t, typed(page, string(c), false)).Bytes)
			}
		}
	})
	return most
}

// everyField is every page with something to type, in all its looks: in English,
// since package pages holds that nothing else moves by typing in any language.
func everyField(f func(display.Page)) {
	seen := map[string]bool{}
	for _, page := range layouttest.Product() {
		like := page.ID + page.Error
		if page.Field == nil || page.Field.Kind == display.ChoiceField || seen[like] {
			continue
		}
		seen[like] = true
		for _, look := range layouttest.Looks() {
			page.Look.TextScale, page.Look.Low = look.TextScale, look.Low
			f(page)
		}
	}
}

// BenchmarkPageOverhead is panel.page_overhead: how much more than the changed
// area is sent, for the worst change from one page to any other, with the area
// in squares of 4x4 pixels, 0.6 mm. Beside it, panel.page_overhead_pixels and
// its mean take the area by single pixels. For text, whose changed pixels lie
// scattered, windows come nearer than this to them only by taking longer: the
// cheapest in bytes alone send 4 % more in the mean and 23 % at worst, and take up
// to 150 ms instead of 84, most of them between transfers.
func BenchmarkPageOverhead(b *testing.B) {
	more := func(sent, pixels int) float64 { return 100 * (float64(sent)/float64(2*pixels) - 1) }
	for b.Loop() {
		m := newMetered(b, 90)
		var worst, worstByPixel float64
		var sent, pixels int
		everyChange(b, m, func(before, after *image.RGBA, n paneltest.Traffic) {
			single := changed(before, after, 1)
			worst, worstByPixel = max(worst, more(n.Bytes, changed(before, after, 4))), max(worstByPixel, more(n.Bytes, single))
			sent, pixels = sent+n.Bytes, pixels+single
		})
		b.ReportMetric(worst, "%/page")
		b.ReportMetric(worstByPixel, "%/pixels")
		b.ReportMetric(more(sent, pixels), "%/pixels-mean")
	}
}

// everyChange sends each page after each other one.
func everyChange(t testing.TB, m *metered, f func(before, after *image.RGBA, n paneltest.Traffic)) {
	pages := painted()
	for i, before := range pages {
		for j, after := range pages {
			if i != j {
				m.picture(t, before)
				f(before, after, m.picture(t, after))
			}
		}
	}
}

// changed is how many pixels the squares have that differ.
func changed(a, b *image.RGBA, side int) (pixels int) {
	for y := 0; y < a.Rect.Dy(); y += side {
		for x := 0; x < a.Rect.Dx(); x += side {
			same := true
			for line := y; line < y+side; line++ {
				at := a.PixOffset(x, line)
				same = same && bytes.Equal(a.Pix[at:at+4*side], b.Pix[at:at+4*side])
			}
			if !same {
				pixels += side * side
			}
		}
	}
	return pixels
}

// BenchmarkPageTime is panel.page_ms: from the new page to the last byte of the
// worst change there is, each with the processor time that it took itself; and
// panel.page_colours_ms, where colours change as well or instead, as they do under
// Settings and as cards with other colours come.
func BenchmarkPageTime(b *testing.B) {
	for b.Loop() {
		m := newMetered(b, 90)
		var worst, coloured time.Duration
		for _, before := range layouttest.Samples() {
			for _, after := range layouttest.Samples() {
				worst = max(worst, m.change(b, before, after))
				for _, after.Look.Colours = range display.AllColours()[1:] {
					coloured = max(coloured, m.change(b, before, after))
				}
			}
		}
		b.ReportMetric(ms(worst), "ms/page")
		b.ReportMetric(ms(coloured), "ms/page-colours")
	}
}

// change is how long it takes from one page to another: on the bus, and of the
// processor the less of two tries, since other programs share its caches.
func (m *metered) change(t testing.TB, before, after display.Page) time.Duration {
	least := time.Duration(math.MaxInt64)
	for range 2 {
		m.page(t, layout.Of(before, layouttest.Small(), typing.State{}))
		var bus time.Duration
		spent := cpu(func() { bus = m.page(t, layout.Of(after, layouttest.Small(), typing.State{})).Time(usual) })
		least = min(least, bus+spent)
	}
	return least
}

// BenchmarkKeyTime is panel.key_ms: from the layout that a touch leads to, not
// from the glass, to the last byte of the picture that answers it, for the worst
// of all keys on all pages: the key goes down, and comes up with the first
// character in the field, masked or not.
func BenchmarkKeyTime(b *testing.B) {
	for b.Loop() {
		m, worst, n := newMetered(b, 90), time.Duration(0), 0
		spent := time.Duration(0)
		everyField(func(page display.Page) {
			l := typed(page, "", page.Field.Masked)
			for i, box := range l.Boxes {
				if box.Target.Does != typing.Types {
					continue
				}
				m.page(b, l)
				both := cpu(func() {
					down := typed(page, "", page.Field.Masked)
					down.Touch = i + 1
					worst = max(worst, m.page(b, down).Time(usual))
					worst = max(worst, m.page(b, typed(page, string(box.Target.Rune), page.Field.Masked)).Time(usual))
				})
				spent, n = spent+both, n+2
			}
		})
		b.ReportMetric(ms(worst+spent/time.Duration(n)), "ms/key")
		b.ReportMetric(ms(spent/time.Duration(n)), "ms/key-cpu")
	}
}

// BenchmarkBusBusy is panel.bus_busy: which part of the time bits are on the
// bus while all of the panel changes as fast as it can, at 52 MHz. Drawing is
// another goroutine's, and goes on meanwhile.
func BenchmarkBusBusy(b *testing.B) {
	const clock, frames = 52 * physic.MegaHertz, 40
	for b.Loop() {
		m := newMetered(b, 0)
		pictures := [2]*image.RGBA{noise(m.Bounds(), 1), noise(m.Bounds(), 2)}
		start, spent := m.bus.Traffic, time.Duration(0)
		for n := range frames {
			m.Draw(m.Bounds(), pictures[n%2], image.Point{})
			spent += cpu(func() {
				if err := m.update(); err != nil {
					b.Fatal(err)
				}
			})
		}
		n := m.bus.Sub(start)
		bits := paneltest.Traffic{Bytes: n.Bytes}.Time(clock)
		b.ReportMetric(100*float64(bits)/float64(n.Time(clock)+spent), "%/busy")
	}
}

// BenchmarkAllocs is panel.allocs_per_frame.
func BenchmarkAllocs(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(allocsPerFrame(b), "allocs/frame")
	}
}

// TestAPageIsPaintedAndSentWithoutAllocating holds the way from the layout to
// the last byte to it.
func TestAPageIsPaintedAndSentWithoutAllocating(t *testing.T) {
	if n := allocsPerFrame(t); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func allocsPerFrame(t testing.TB) float64 {
	m, pages, n := newMetered(t, 90), samples(), 0
	for _, page := range pages {
		m.page(t, page) // now the painter knows its letters
	}
	return testing.AllocsPerRun(8, func() {
		n++
		m.page(t, pages[n%len(pages)])
	})
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
