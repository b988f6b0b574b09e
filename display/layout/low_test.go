package layout_test

import (
	"path/filepath"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

func low(p display.Page) display.Page {
	p.Look.Low = true
	return p
}

// TestTheLowerHalfIsLaidOutAsReviewed has a keyboard, a pad and choices.
func TestTheLowerHalfIsLaidOutAsReviewed(t *testing.T) {
	var got string
	for _, id := range []string{"register.answer", "register.passcode", "register.question"} {
		got += layouttest.Text(low(sample(id)), layouttest.Large(), 100) + layouttest.Text(low(sample(id)), layouttest.Small(), 100)
	}
	goldentest.Text(t, filepath.Join("testdata", "low.txt"), got, *update)
}

// TestOneFingerTypesEverything goes from touch to touch, one at a time, all in
// the lower half: no character needs two keys at once, or a second hand.
func TestOneFingerTypesEverything(t *testing.T) {
	page := low(sample("register.answer"))
	for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
		typed := map[rune]bool{}
		states := []typing.State{{}}
		seen := map[typing.State]bool{{}: true}
		for len(states) > 0 {
			state := states[0]
			states = states[1:]
			for _, b := range layout.Of(page, screen, state).Boxes {
				if b.Target.Does == typing.Nothing {
					continue
				}
				if b.Rect.Min.Y < screen.Height/2 {
					t.Fatalf("%v at %v is out of reach", b.Target, b.Rect)
				}
				next, inputs := state.Touch(b.Target, page.Field)
				for _, in := range inputs {
					typed[in.Rune] = true
				}
				if !seen[next] {
					seen[next] = true
					states = append(states, next)
				}
			}
		}
		for r := ' '; r <= '~'; r++ {
			if !typed[r] {
				t.Errorf("at %d pixels nobody can type %q", screen.Width, r)
			}
		}
	}
}
