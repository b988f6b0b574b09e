package layout_test

import (
	"strings"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

// What does not work is said on every page of every panel, also where there is
// no room for the status line.
func TestEveryPageSaysThatTheLinkIsDown(t *testing.T) {
	for _, screen := range []layout.Screen{layouttest.Large(), layouttest.Small()} {
		for _, p := range layouttest.Samples() {
			p.Status.Online = false
			if !strings.Contains(wordsOf(layout.Of(p, screen, typing.State{})), "Offline") {
				t.Errorf("%s at %d pixels does not", p.ID, screen.Width)
			}
		}
	}
}

func TestWhatLeadsAsideIsNotGreen(t *testing.T) {
	p := layouttest.Samples()[0]
	p.Actions = []display.Action{{Key: display.Enter, Label: "Cymraeg", Aside: true}}
	for _, b := range layout.Of(p, layouttest.Large(), typing.State{}).Boxes {
		if b.Role == layout.Action && b.Style != "secondary" {
			t.Errorf("it is %s", b.Style)
		}
	}
}

func wordsOf(l layout.Layout) string {
	var said []string
	for _, b := range l.Boxes {
		for _, line := range b.Lines {
			said = append(said, line.Text)
		}
	}
	return strings.Join(said, " ")
}
