package pages_test

import (
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/pages/words"
)

func TestEnglishHasEveryPage(t *testing.T) {
	for _, p := range journey.Pages() {
		if words.English().Page[string(p)].Title == "" {
			t.Errorf("%s has no title", p)
		}
	}
	for _, c := range journey.Complaints() {
		if words.English().Complaint[string(c)] == "" {
			t.Errorf("%s has no words", c)
		}
	}
	_ = pages.View(journey.Start(journey.RuleSet{}))
}
