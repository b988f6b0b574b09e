package theme

import (
	"math"
	"testing"
)

func TestContrastIsWhatWCAGSays(t *testing.T) {
	if c := Contrast(printBlack, white); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white is %.2f", c)
	}
	if c := Contrast(blue, blue); c != 1 {
		t.Errorf("a colour on itself is %.2f", c)
	}
}

func TestEveryStyleCanBeReadAlsoUnderAFinger(t *testing.T) {
	for _, high := range []bool{false, true} {
		palette := Of(high)
		for style, look := range palette {
			for name, l := range map[string]Look{"normal": look, "pressed": palette.Pressed(style)} {
				ground := l.Fill
				if ground.A == 0 {
					ground = palette[Page].Fill
				}
				if c := Contrast(l.Ink, ground); l.Ink.A != 0 && c < 4.5 {
					t.Errorf("%s %s, high contrast %v: %.2f", style, name, high, c)
				}
			}
		}
	}
}

func TestBothPalettesHaveTheSameStyles(t *testing.T) {
	normal, high := Of(false), Of(true)
	for style := range normal {
		if _, ok := high[style]; !ok {
			t.Errorf("high contrast has no %s", style)
		}
	}
	if len(normal) != len(high) {
		t.Errorf("%d styles and %d", len(normal), len(high))
	}
}

func TestTargetsAre9MillimetresOnEveryPanel(t *testing.T) {
	for _, c := range []struct {
		width int
		ppmm  float64
		want  int
	}{{800, 5.22, 47}, {480, 6.45, 59}, {800, 7.3, 66}} {
		if got := NewScale(c.width, c.ppmm, 100).Target(); got != c.want {
			t.Errorf("%d px at %.2f: %d, not %d", c.width, c.ppmm, got, c.want)
		}
	}
}

func TestTheFontHasWelshAndKerning(t *testing.T) {
	for _, w := range []Weight{Regular, SemiBold} {
		for _, r := range "ŵŷâêîôûáéíóúäëïöüŴŶ’‘“”–•…" {
			if !w.Font().Has(r) || w.Font().Width(string(r), 20) == 0 {
				t.Errorf("no %q", r)
			}
		}
		if w.Font().Width("AV", 100) >= w.Font().Width("A", 100)+w.Font().Width("V", 100) {
			t.Error("AV is not kerned")
		}
	}
}
