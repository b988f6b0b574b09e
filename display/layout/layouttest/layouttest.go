// Package layouttest checks that pages fit panels: for tests of pages as much
// as for tests of layouts.
//
// Its words: a check looks at one page on one screen, in all text sizes, in
// all colours, on all parts and all layers of the keyboard, with what is touched
// where it usually is and in the lower half. It knows what must hold, not what
// looks good.
package layouttest

import (
	"fmt"
	"image"
	"slices"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// Large is the reference panel: 800x480 on 7 inches.
func Large() layout.Screen { return layout.Screen{Width: 800, Height: 480, PPMM: 5.22} }

// Small is 480x320 on 3.5 inches.
func Small() layout.Screen { return layout.Screen{Width: 480, Height: 320, PPMM: 6.45} }

// Least are the least panels, on which large text may be smaller than was asked
// for: 2.8 inches upright and on their side.
func Least() []layout.Screen {
	return []layout.Screen{{Width: 240, Height: 320, PPMM: 5.6}, {Width: 320, Height: 240, PPMM: 5.6}}
}

// Panels are those that have text as large as people ask for: 7 and 5 inches,
// 3.5 inches on their side and upright, and one whose lower half is as high as a
// number pad without margins.
func Panels() []layout.Screen {
	return []layout.Screen{
		Large(), {Width: 800, Height: 480, PPMM: 7.3}, Small(), {Width: 320, Height: 480, PPMM: 6.45}, {Width: 809, Height: 407, PPMM: 5.22},
	}
}

// Scales are the text sizes people may choose, in per cent.
func Scales() []int { return []int{100, 135, 170} }

// Check fails the test if anything on the page is clipped, overlaps, is too
// small to touch, too pale to read, cannot be reached, or is lost; if its text is
// smaller than was asked for, or on the least panels than usual; and, where all
// that is touched is to be in the lower half, if something is not.
func Check(t testing.TB, page display.Page, screen layout.Screen) {
	t.Helper()
	report(t, page, screen, Looks(), Problems)
}

// CheckWords is Check without the layers of the keyboard, which are the same
// whatever a page says: for the many things that the same page may say.
func CheckWords(t testing.TB, page display.Page, screen layout.Screen) {
	t.Helper()
	report(t, page, screen, Looks(), wordProblems)
}

func wordProblems(page display.Page, screen layout.Screen) []string {
	found, seen := see(layout.All(page, screen))
	return sorted(append(found, seen.unsaid(page)...))
}

// Looks are all text sizes, with what is touched where it usually is and in the
// lower half.
func Looks() []display.Look {
	var all []display.Look
	for _, low := range []bool{false, true} {
		for _, scale := range Scales() {
			all = append(all, display.Look{TextScale: scale, Low: low})
		}
	}
	return all
}

func report(t testing.TB, page display.Page, screen layout.Screen, looks []display.Look, problems func(display.Page, layout.Screen) []string) {
	t.Helper()
	for _, look := range looks {
		page.Look.TextScale, page.Look.Low = look.TextScale, look.Low
		for _, problem := range problems(page, screen) {
			t.Errorf("%s at %dx%d, text %d%%, low %v: %s",
				page.ID, screen.Width, screen.Height, page.Look.TextScale, page.Look.Low, problem)
		}
	}
}

// Problems is what Check finds in one text size.
func Problems(page display.Page, screen layout.Screen) []string {
	all := layout.All(page, screen)
	for _, state := range layers(page, screen) {
		all = append(all, layout.Of(page, screen, state))
	}
	found, seen := see(all)
	return sorted(append(found, seen.missing(page)...))
}

// sorted has each problem once: most are the same on all layers.
func sorted(found []string) []string {
	slices.Sort(found)
	return slices.Compact(found)
}

// see looks at the layouts of a page: what is wrong with each, and what there is
// to read and reach on all.
func see(layouts []layout.Layout) (found []string, all *seen) {
	looks, first := palettes(), layouts[0]
	found, all = small(first), newSeen()
	for _, l := range layouts {
		if l.Text != first.Text || l.Parts != first.Parts {
			found = append(found, fmt.Sprintf("part %d of %d has text at %d%%, the first of %d at %d%%", l.Part+1, l.Parts, l.Text, first.Parts, first.Text))
		}
		found = append(found, look(l, looks)...)
		if l.Look.Low {
			found = append(found, high(l)...)
		}
		all.add(l)
	}
	return found, all
}

// small finds text that is smaller than it has to be.
func small(l layout.Layout) []string {
	least := l.Look.Scale()
	if slices.Contains(Least(), l.Screen) {
		least = 100
	}
	if l.Text < least {
		return []string{fmt.Sprintf("its text is at %d%%", l.Text)}
	}
	return nil
}

// layers is every layer and group of the page's keyboard.
func layers(page display.Page, screen layout.Screen) []typing.State {
	if !typing.TakesText(page.Field) {
		return nil
	}
	var all []typing.State
	for layer := typing.Letters; layer <= typing.Symbols; layer++ {
		state := typing.State{Layer: layer}
		all = append(all, state)
		for _, b := range layout.Of(page, screen, state).Boxes {
			if b.Target.Does == typing.Opens {
				all = append(all, typing.State{Layer: layer, Group: b.Target.Group})
			}
		}
	}
	return all
}

func palettes() []theme.Palette {
	var all []theme.Palette
	for _, c := range display.AllColours() {
		all = append(all, theme.Of(c))
	}
	return all
}

// look finds what is wrong with one layout.
func look(l layout.Layout, looks []theme.Palette) []string {
	var found []string
	if !l.Fits {
		return []string{"it does not fit"} // all else follows from that
	}
	if l.Parts > 1 && l.Field.Count() == 0 && !slices.ContainsFunc(l.Boxes, turns) {
		found = append(found, fmt.Sprintf("nobody can turn on from part %d of %d", l.Part+1, l.Parts))
	}
	target := theme.Scale{PPMM: l.Screen.PPMM}.Target()
	for i, b := range l.Boxes {
		found = append(found, inside(b, l.Screen.Bounds())...)
		found = append(found, overlaps(b, l.Boxes[i+1:])...)
		for _, p := range looks {
			found = append(found, pale(b, p)...)
		}
		if b.Target.Does != typing.Nothing && (b.Rect.Dx() < target || b.Rect.Dy() < target) {
			found = append(found, fmt.Sprintf("%s is %v, less than 9 mm (%d)", name(b), b.Rect.Size(), target))
		}
	}
	return found
}

func turns(b layout.Box) bool { return b.Target.Does == typing.Turns }

// high finds what is touched above the lower half.
func high(l layout.Layout) []string {
	var found []string
	for _, b := range l.Boxes {
		if b.Target.Does != typing.Nothing && 2*b.Rect.Min.Y < l.Screen.Height {
			found = append(found, fmt.Sprintf("%s at %v is not in the lower half", name(b), b.Rect))
		}
	}
	return found
}

// inside finds boxes off the screen and things that stick out of their box.
func inside(b layout.Box, screen image.Rectangle) []string {
	var found []string
	if !b.Rect.In(screen) || b.Rect.Empty() {
		found = append(found, fmt.Sprintf("%s at %v is off the screen", name(b), b.Rect))
	}
	for _, l := range b.Lines {
		if r := l.Bounds(); !r.In(b.Rect) {
			found = append(found, fmt.Sprintf("%q at %v sticks out of %s at %v", l.Text, r, name(b), b.Rect))
		}
		for _, r := range l.Text {
			if !l.Weight.Font().Has(r) {
				found = append(found, fmt.Sprintf("%q has %q, which the font has not", l.Text, r))
			}
		}
	}
	for i, m := range b.Marks {
		if !m.Rect.In(b.Rect) {
			found = append(found, fmt.Sprintf("mark %d at %v sticks out of %s at %v", i, m.Rect, name(b), b.Rect))
		}
	}
	return found
}

// overlaps finds boxes on top of one another. The menu lies on the band, and
// nothing else may; lines of one box may not touch either.
func overlaps(b layout.Box, others []layout.Box) []string {
	var found []string
	for _, o := range others {
		onBand := b.Role == layout.Band && o.Role == layout.Menu
		if !onBand && b.Rect.Overlaps(o.Rect) {
			found = append(found, fmt.Sprintf("%s at %v overlaps %s at %v", name(b), b.Rect, name(o), o.Rect))
		}
		for _, l := range b.Lines {
			if onBand && l.Bounds().Overlaps(o.Rect) {
				found = append(found, fmt.Sprintf("%q runs into %s", l.Text, name(o)))
			}
		}
	}
	for i, l := range b.Lines {
		for _, m := range b.Lines[i+1:] {
			if l.Bounds().Overlaps(m.Bounds()) {
				found = append(found, fmt.Sprintf("%q runs into %q", l.Text, m.Text))
			}
		}
	}
	return found
}

// pale finds text without contrast to what is behind it.
func pale(b layout.Box, looks theme.Palette) []string {
	var found []string
	for _, l := range b.Lines {
		ink, ground := looks[l.Ink].Ink, looks[l.Ink].Fill
		if ground.A == 0 {
			ground = looks[theme.Page].Fill
		}
		if c := theme.Contrast(ink, ground); c < 4.5 {
			found = append(found, fmt.Sprintf("%q has a contrast of %.1f", l.Text, c))
		}
	}
	return found
}

func name(b layout.Box) string {
	if len(b.Lines) > 0 {
		return fmt.Sprintf("%s %q", b.Role, b.Lines[0].Text)
	}
	return fmt.Sprintf("%s [%s]", b.Role, b.Target)
}
