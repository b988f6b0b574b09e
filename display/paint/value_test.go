package paint

import (
	"bytes"
	"image"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
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
