package journey_test

import (
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
)

// TestEveryPageFits lays everything that the stories show out on both panels,
// in all text sizes.
func TestEveryPageFits(t *testing.T) {
	for _, page := range allShown() {
		layouttest.Check(t, page, layouttest.Large())
		layouttest.Check(t, page, layouttest.Small())
	}
}

// allShown is every page of the stories once for each thing it says.
func allShown() []display.Page {
	var all []display.Page
	seen := map[string]bool{}
	for _, told := range stories() {
		s := begin(nil)
		s.watch = func(now journey.State) {
			page := pages.View(now)
			if page.SecondsLeft > 0 {
				page.SecondsLeft = 885 // pages differ by what they say, not by when
			}
			if said := saying(page); !seen[said] {
				seen[said] = true
				all = append(all, page)
			}
		}
		told.tell(s)
	}
	return all
}

// saying is what a page says, without the choices, which are alike.
func saying(p display.Page) string {
	title := p.Title
	if p.ID == string(journey.UnlockAnswer) || p.ID == string(journey.RegisterAnswer) {
		title = "a question"
	}
	return strings.Join(append([]string{p.ID, title, p.Error}, p.Body...), "\n")
}
