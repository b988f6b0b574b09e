package layout_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

func sample(id string) display.Page {
	for _, p := range layouttest.Samples() {
		if p.ID == id {
			return p
		}
	}
	return display.Page{}
}

func TestHitFindsWhatIsUnderAFinger(t *testing.T) {
	l := layout.Of(sample("unlock.warning"), layouttest.Large(), typing.State{})
	for _, b := range l.Boxes {
		if b.Target.Does == typing.Nothing {
			continue
		}
		middle := b.Rect.Min.Add(b.Rect.Max).Div(2)
		if got, ok := l.Hit(middle.X, middle.Y); !ok || got != b.Target {
			t.Errorf("the middle of %q is %v", b.Lines[0].Text, got)
		}
	}
	if got, ok := l.Hit(400, 300); ok {
		t.Errorf("nothing is there, but it does %v", got)
	}
}

func TestMoreComesBackToTheFirstPart(t *testing.T) {
	p := sample("register.question")
	p.Look.TextScale = 170
	var state typing.State
	first := layout.Of(p, layouttest.Small(), state)
	if first.Parts < 2 {
		t.Fatal("the page should not fit at once")
	}
	for range first.Parts {
		state, _ = state.Touch(layout.Of(p, layouttest.Small(), state).Next(), p.Field)
	}
	if state.Part != 0 {
		t.Errorf("it ends at part %d", state.Part)
	}
}

func TestNarrowPanelsGroupLettersAndWideOnesDoNot(t *testing.T) {
	p := sample("register.answer")
	for _, c := range []struct {
		screen layout.Screen
		target string
	}{{layouttest.Large(), "type q"}, {layouttest.Small(), "group 1"}} {
		if l := layout.Of(p, c.screen, typing.State{}); !strings.Contains(l.String(), "["+c.target+"]") {
			t.Errorf("%d pixels wide: no target %q", c.screen.Width, c.target)
		}
	}
}

func TestThePageBringsTheWordsOfTheDisplay(t *testing.T) {
	for _, p := range layouttest.Samples() {
		p.Words.Help = "Cymorth"
		said := layout.Of(p, layouttest.Large(), typing.State{}).String()
		if strings.Contains(said, `"Help"`) || !strings.Contains(said, `"Cymorth"`) {
			t.Errorf("%s is not in Welsh", p.ID)
		}
	}
}

func TestAPageThatWaitsIsHeadedWithWhatItWaitsFor(t *testing.T) {
	p := sample("unlock.working")
	p.Doing = "Checking your answers"
	said := layout.Of(p, layouttest.Large(), typing.State{}).String()
	if !strings.Contains(said, `"Checking`) || strings.Contains(said, `"Unlocking`) {
		t.Errorf("it is laid out as\n%s", said)
	}
}

// TestNothingMovesAsWhatIsTypedIsShown holds for words of any length: there is
// room for the longer one.
func TestNothingMovesAsWhatIsTypedIsShown(t *testing.T) {
	for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
		for _, look := range layouttest.Looks() {
			for _, id := range []string{"register.answer", "register.passcode"} {
				page := sample(id)
				page.Look.TextScale, page.Look.Low = look.TextScale, look.Low
				page.Words.Show, page.Words.Hide = "Show", "Conceal"
				masked := places(page, screen, true)
				if shown := places(page, screen, false); !slices.Equal(masked, shown) {
					t.Errorf("%s at %dx%d, %v: things move from %v to %v", id, screen.Width, screen.Height, look, masked, shown)
				}
			}
		}
	}
}

// places is where all on a page is.
func places(page display.Page, screen layout.Screen, masked bool) (all []image.Rectangle) {
	field := *page.Field
	field.Masked, field.CanShow = masked, true
	page.Field = &field
	for _, b := range layout.Of(page, screen, typing.State{}).Boxes {
		all = append(all, b.Rect)
	}
	return all
}
