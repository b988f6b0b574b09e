package journey_test

import (
	"testing"

	"unlockpoint/device/pages"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
)

// TestEveryPageFits lays every page of every story out on both panels, in all
// text sizes.
func TestEveryPageFits(t *testing.T) {
	found := routes()
	for _, screen := range []layout.Screen{layouttest.Large(), layouttest.Small()} {
		for _, at := range places(found) {
			t.Run(at.String(), func(t *testing.T) {
				layouttest.Check(t, pages.View(found[at].walk()), screen)
			})
		}
	}
}
