package pages_test

import (
	"testing"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/text"
	"unlockpoint/display/typing"
)

// TestNothingMovesByTyping holds that a character changes what stands in the
// field and nothing else: no word, key or box, what is to be put right included.
// On the least panels one key has two meanings in the lower half.
func TestNothingMovesByTyping(t *testing.T) {
	for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
		for _, look := range layouttest.Looks() {
			if look.Low && screen.Width*screen.Height == 240*320 {
				continue
			}
			for _, l := range words.Languages() {
				for _, p := range toursIn(l.Code) {
					page := p.page
					page.Look.TextScale, page.Look.Low = look.TextScale, look.Low
					if page.Field == nil || page.Field.Kind == display.ChoiceField {
						continue
					}
					empty := layout.Of(holding(page, ""), screen, typing.State{}).String()
					if typed := layout.Of(holding(page, "1"), screen, typing.State{}).String(); typed != empty {
						t.Errorf("%s in %s: %sbecomes %s", p.name, l.Name, empty, typed)
					}
				}
			}
		}
	}
}

// TestNoWordChangesByTyping on the way through the product.
func TestNoWordChangesByTyping(t *testing.T) {
	n := 0
	for _, r := range led("en") {
		for _, c := range r.typed {
			if before, after := text.Of(holding(c.before, "")), text.Of(holding(c.after, "")); before != after {
				t.Errorf("by typing\n%sbecomes\n%s", before, after)
			}
			n++
		}
	}
	if n < 100 {
		t.Errorf("%d characters were typed", n)
	}
}

// holding is a page with something in its field.
func holding(page display.Page, value string) display.Page {
	if page.Field != nil {
		field := *page.Field
		field.Value = display.NewSecret(value)
		page.Field = &field
	}
	return page
}
