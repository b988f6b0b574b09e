package touch

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"unlockpoint/display"
)

// same is a panel that counts as the glass does.
var same = Stretch(Pixels(image.Pt(100, 100)), Orientation{}, image.Pt(100, 100))

// said is events in words: "down 0 at 3,4".
func said(events []display.Event) string {
	var out []string
	for _, e := range events {
		phase := [...]string{"down", "move", "up", "lost"}[e.Touch.Phase]
		out = append(out, fmt.Sprintf("%s %d at %d,%d", phase, e.Touch.Finger, e.Touch.X, e.Touch.Y))
	}
	return strings.Join(out, "; ")
}

func TestFingersAreFollowedFromReportToReport(t *testing.T) {
	a, b, c := Contact{ID: 7, X: 1, Y: 1}, Contact{ID: 8, X: 2, Y: 2}, Contact{ID: 9, X: 3, Y: 3}
	moved := Contact{ID: 7, X: 5, Y: 6}
	palm := Contact{ID: 7, X: 1, Y: 1, Palm: true}
	type step struct {
		on   []Contact
		want string
	}
	for name, steps := range map[string][]step{
		"a tap":  {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{a}, ""}, {nil, "up 0 at 1,1"}, {nil, ""}},
		"a drag": {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{moved}, "move 0 at 5,6"}, {nil, "up 0 at 5,6"}},
		"a second finger": {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{a, b}, "down 1 at 2,2"},
			{[]Contact{a}, "up 1 at 2,2"}, {nil, "up 0 at 1,1"}},
		"the first finger is not replaced before the glass is empty": {{[]Contact{a, b}, "down 0 at 1,1; down 1 at 2,2"},
			{[]Contact{b}, "up 0 at 1,1"}, {[]Contact{b, c}, "down 2 at 3,3"}, {nil, "up 1 at 2,2; up 2 at 3,3"},
			{[]Contact{c}, "down 0 at 3,3"}},
		"one finger after another within a report": {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{b}, "up 0 at 1,1; down 0 at 2,2"}},
		"three fingers": {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{a, b, c}, "lost 0 at 1,1"}, {[]Contact{a}, ""},
			{nil, ""}, {[]Contact{a}, "down 0 at 1,1"}},
		"a palm":                  {{[]Contact{palm}, ""}, {[]Contact{a}, ""}, {nil, ""}, {[]Contact{a}, "down 0 at 1,1"}},
		"a finger becomes a palm": {{[]Contact{a}, "down 0 at 1,1"}, {[]Contact{palm}, "lost 0 at 1,1"}, {nil, ""}},
	} {
		var f Fingers
		for i, s := range steps {
			if got := said(f.Next(s.on, same)); got != s.want {
				t.Errorf("%s, report %d: %q, not %q", name, i, got, s.want)
			}
		}
	}
}

func TestAfterALossNothingCountsBeforeTheGlassIsEmpty(t *testing.T) {
	var f Fingers
	f.Next([]Contact{{X: 1, Y: 1}}, same)
	if got := said(f.Lose()); got != "lost 0 at 1,1" || f.Empty() {
		t.Errorf("lost: %q", got)
	}
	for i, s := range []struct {
		on   []Contact
		want string
	}{{[]Contact{{X: 1, Y: 1}}, ""}, {nil, ""}, {[]Contact{{X: 1, Y: 1}}, "down 0 at 1,1"}} {
		if got := said(f.Next(s.on, same)); got != s.want {
			t.Errorf("report %d: %q, not %q", i, got, s.want)
		}
	}
}
