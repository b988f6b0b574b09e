package theme

import (
	"math"
	"testing"

	"unlockpoint/display"
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
	for _, colours := range display.AllColours() {
		palette := Of(colours)
		for style, look := range palette {
			for name, l := range map[string]Look{"normal": look, "pressed": palette.Pressed(style)} {
				ground := l.Fill
				if ground.A == 0 {
					ground = palette[Page].Fill
				}
				if c := Contrast(l.Ink, ground); l.Ink.A != 0 && c < 4.5 {
					t.Errorf("%s %s, colours %q: %.2f", style, name, colours, c)
				}
			}
		}
	}
}

func TestAllPalettesHaveTheSameStyles(t *testing.T) {
	usual := Of(display.Usual)
	for _, colours := range display.AllColours()[1:] {
		other := Of(colours)
		for style := range usual {
			if _, ok := other[style]; !ok {
				t.Errorf("%s has no %s", colours, style)
			}
		}
		if len(usual) != len(other) {
			t.Errorf("%d styles and %d in %s", len(usual), len(other), colours)
		}
	}
}

// TestDarkIsDark: all that is large on a dark page gives less light than what
// is written on it, and nothing is as bright as a usual page.
func TestDarkIsDark(t *testing.T) {
	palette := Of(display.Dark)
	for _, style := range []Style{Page, BandPlain, BandWorking, BandSuccess, BandProblem, Primary, Secondary, Choice, Key, KeyQuiet, Input, Picture} {
		l := palette[style]
		if l.Fill.A != 0 && luminance(l.Fill) > luminance(l.Ink) {
			t.Errorf("%s is brighter than what is on it", style)
		}
	}
	for style, l := range palette {
		if luminance(l.Fill) > luminance(Of(display.Usual)[Page].Fill)/2 {
			t.Errorf("%s is too bright for the night", style)
		}
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
