package journey_test

import (
	"regexp"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
)

// TestEveryPageFits lays everything that the stories show out on a small panel and
// on one of the others in turn, in all text sizes and languages.
func TestEveryPageFits(t *testing.T) {
	for _, l := range words.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			t.Parallel()
			panels := append(layouttest.Panels(), layouttest.Least()...)
			for i, page := range allShown(l.Code) {
				layouttest.CheckWords(t, page, layouttest.Small())
				layouttest.CheckWords(t, page, panels[i%len(panels)])
			}
		})
	}
}

// allShown is every page of the stories once for each thing it says.
func allShown(language string) []display.Page {
	var all []display.Page
	seen := map[string]bool{}
	for _, told := range stories() {
		s := begin(nil)
		s.watch = func(now journey.State) {
			now.Look.Language = language
			page := pages.View(now)
			if page.SecondsLeft > 0 {
				page.SecondsLeft = 885
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

var numerals = regexp.MustCompile(`\d+`)

// saying is what a page says, without the choices, which are alike, and
// whatever the numbers are.
func saying(p display.Page) string {
	title := p.Title
	if p.ID == string(journey.UnlockAnswer) || p.ID == string(journey.RegisterAnswer) {
		title = "a question"
	}
	return numerals.ReplaceAllString(strings.Join(append([]string{p.ID, title, p.Doing, p.Error}, p.Body...), "\n"), "#")
}
