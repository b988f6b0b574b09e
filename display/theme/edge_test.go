package theme

import (
	"math"
	"slices"
	"testing"

	"unlockpoint/display"
)

// WCAG 2.2, 1.4.11: fields stand out from the page by 3 to 1 in all colours. What
// has words on it is known by these; in high contrast its edge stands out too.
func TestFieldsStandOutAndInHighContrastAllThatIsTouched(t *testing.T) {
	fields := []Style{Input, InputError, ErrorBar}
	touched := []Style{Primary, Secondary, Choice, Key, KeyQuiet, KeyOn}
	for _, colours := range display.AllColours() {
		palette := Of(colours)
		for style, look := range palette {
			edge := look.Border
			if edge.A == 0 {
				edge = look.Fill
			}
			must := slices.Contains(fields, style) || colours == display.HighContrast && slices.Contains(touched, style)
			if c := Contrast(edge, palette[Page].Fill); must && c < 3 {
				t.Errorf("%s, colours %q: %.2f", style, colours, c)
			}
		}
	}
}

// EN 301 549, 5.1.4: a capital H subtends 0.7 degrees, which is 4.9 mm from 40 cm.
// In the largest text titles, paragraphs, choices, buttons and what is typed do so
// on panels of 5 inches and more, and from 27.5 cm on 3.5 inches; status is smaller.
func TestCapitalsAreLargeEnoughFromWhereTheyAreRead(t *testing.T) {
	for _, c := range []struct {
		width    int
		ppmm     float64
		distance float64 // in millimetres
	}{{800, 5.22, 400}, {800, 7.3, 400}, {480, 6.45, 275}, {320, 6.45, 275}} {
		s := NewScale(c.width, c.ppmm, 170)
		for size, weight := range map[Type]Weight{Title: SemiBold, Hero: SemiBold, Body: Regular, Button: SemiBold, Digits: Regular} {
			mm := float64(weight.Font().CapHeight(s.Px(size))) / c.ppmm
			if angle := math.Atan(mm/c.distance) * 180 / math.Pi; angle < 0.7 {
				t.Errorf("%d px wide, size %d: capitals of %.2f mm are %.2f degrees from %.0f mm", c.width, size, mm, angle, c.distance)
			}
		}
	}
}
