package paint

import (
	"bytes"
	"image"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

func painted(p display.Page) *image.RGBA {
	m := image.NewRGBA(layouttest.Large().Bounds())
	New().Paint(layout.Of(p, layouttest.Large(), typing.State{}), m)
	return m
}

func TestMaskedFieldsLookTheSameWhateverWasTyped(t *testing.T) {
	for _, id := range []string{"register.passcode", "unlock.answer"} {
		one, other := samples(id)[0], samples(id)[0]
		one.Field, other.Field = withValue(one.Field, "1111"), withValue(other.Field, "WiM%")
		if !bytes.Equal(painted(one).Pix, painted(other).Pix) {
			t.Errorf("%s gives away what was typed", id)
		}
	}
}

func TestShownFieldsShowWhatWasTyped(t *testing.T) {
	for _, id := range []string{"unlock.code", "register.answer"} {
		one, other := samples(id)[0], samples(id)[0]
		one.Field, other.Field = withValue(one.Field, "1234"), withValue(other.Field, "5678")
		if bytes.Equal(painted(one).Pix, painted(other).Pix) {
			t.Errorf("%s does not show what was typed", id)
		}
	}
}

func TestALongTextShowsItsEndInsideItsField(t *testing.T) {
	page := samples("register.email-edit")[0]
	empty, full := page, page
	empty.Field = withValue(page.Field, "")
	full.Field = withValue(page.Field, "a.very.long.name.of.a.person.who.has.many.names.and.a.longer.address@somewhere.in.wales.nhs.uk")
	var field image.Rectangle
	for _, b := range layout.Of(page, layouttest.Large(), typing.State{}).Boxes {
		if b.Value != nil {
			field = b.Rect
		}
	}
	for _, r := range Damage(painted(empty), painted(full)) {
		if !r.In(field) {
			t.Errorf("%v is painted outside the field at %v", r, field)
		}
	}
}

func TestTypingInBoxesChangesTheBoxAndTheMarkInTheNext(t *testing.T) {
	for _, masked := range []bool{false, true} {
		one, other := samples("unlock.code")[0], samples("unlock.code")[0]
		one.Field, other.Field = withValue(one.Field, "48"), withValue(other.Field, "482")
		one.Field.Masked, other.Field.Masked = masked, masked
		var cells []image.Rectangle
		for _, b := range layout.Of(one, layouttest.Large(), typing.State{}).Boxes {
			if b.Value != nil {
				cells = b.Value.Cells[2:4]
			}
		}
		hit := map[image.Rectangle]bool{}
		for _, r := range Damage(painted(one), painted(other)) {
			for _, c := range cells {
				hit[c] = hit[c] || r.In(c)
			}
			if !r.In(cells[0]) && !r.In(cells[1]) {
				t.Errorf("masked %v: %v changes, outside %v", masked, r, cells)
			}
		}
		if len(hit) != 2 || !hit[cells[0]] || !hit[cells[1]] {
			t.Errorf("masked %v: not both of %v change", masked, cells)
		}
	}
}

func TestWideCharactersAreNarrowerWhenTypedAndAsHigh(t *testing.T) {
	const px = 48
	for r := '!'; r <= '~'; r++ {
		usual := ink(New().drawGlyph(glyphKey{r: r, px: px, weight: theme.Regular}))
		typed := ink(New().drawGlyph(glyphKey{r: r, px: px, weight: theme.Regular, most: widest(px)}))
		if typed.Dy() != usual.Dy() {
			t.Errorf("%c is %d high, not %d", r, typed.Dy(), usual.Dy())
		}
		if most := widest(px).Ceil(); typed.Dx() > most || usual.Dx() <= most*9/10 && typed != usual {
			t.Errorf("%c is %d wide, of %d", r, typed.Dx(), usual.Dx())
		}
	}
}

// ink is where a mask covers anything.
func ink(m mask) (r image.Rectangle) {
	for i, c := range m.cover {
		if c > 0 {
			at := image.Pt(i%m.rect.Dx(), i/m.rect.Dx())
			r = r.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
		}
	}
	return r
}
