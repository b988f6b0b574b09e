package paint

import (
	"image"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

// BenchmarkPaintDiff paints a full page at 800x480 and finds what changed; it
// is panel.paint_diff_ms of make bench.
func BenchmarkPaintDiff(b *testing.B) {
	pages := samples("register.answer", "unlock.answer")
	before, after, painter := paintBoth(pages)
	l := layout.Of(pages[1], layouttest.Large(), typing.State{})
	var damage []image.Rectangle
	b.ReportAllocs()
	for b.Loop() {
		painter.Paint(l, after)
		damage = AppendDamage(damage[:0], before, after)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/frame")
}

// BenchmarkDigit says how many bytes one more masked character sends to a
// panel of 16 bits a pixel; it is panel.digit_bytes of make bench.
func BenchmarkDigit(b *testing.B) {
	var bytes int
	for b.Loop() {
		bytes = digitBytes("123", "1234")
	}
	b.ReportMetric(float64(bytes), "bytes/digit")
}

func TestOneMaskedCharacterSendsUnderAKilobyte(t *testing.T) {
	for typed := range 7 {
		digits := "12345678"
		if n := digitBytes(digits[:typed], digits[:typed+1]); n == 0 || n >= 1000 {
			t.Errorf("character %d sends %d bytes", typed+1, n)
		}
	}
}

func TestAPageThatWasPaintedBeforeIsPaintedWithoutAllocating(t *testing.T) {
	pages := samples("register.answer", "unlock.answer")
	before, after, painter := paintBoth(pages)
	l := layout.Of(pages[1], layouttest.Large(), typing.State{})
	damage := make([]image.Rectangle, 0, 4096)
	if n := testing.AllocsPerRun(10, func() {
		painter.Paint(l, after)
		damage = AppendDamage(damage[:0], before, after)
	}); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// digitBytes is what typing from one passcode to the next sends.
func digitBytes(from, to string) int {
	pages := samples("register.passcode", "register.passcode")
	pages[0].Field = withValue(pages[0].Field, from)
	pages[1].Field = withValue(pages[1].Field, to)
	before, after, _ := paintBoth(pages)
	sum := 0
	for _, r := range Damage(before, after) {
		sum += 2 * r.Dx() * r.Dy()
	}
	return sum
}

func withValue(f *display.Field, s string) *display.Field {
	field := *f
	field.Value = display.NewSecret(s)
	return &field
}

func samples(ids ...string) []display.Page {
	var found []display.Page
	for _, id := range ids {
		for _, p := range layouttest.Samples() {
			if p.ID == id {
				found = append(found, p)
				break
			}
		}
	}
	return found
}

func paintBoth(pages []display.Page) (before, after *image.RGBA, painter *Painter) {
	painter = New()
	before, after = image.NewRGBA(layouttest.Large().Bounds()), image.NewRGBA(layouttest.Large().Bounds())
	painter.Paint(layout.Of(pages[0], layouttest.Large(), typing.State{}), before)
	painter.Paint(layout.Of(pages[1], layouttest.Large(), typing.State{}), after)
	return before, after, painter
}
