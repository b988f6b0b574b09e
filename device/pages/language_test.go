package pages_test

import (
	"fmt"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/paint/painttest"
	"unlockpoint/display/text"
	"unlockpoint/display/typing"
)

// TestOtherLanguagesReadAsReviewed has what a language says on the pages where
// it says it, for people who speak it. English is in the stories of package
// journey.
func TestOtherLanguagesReadAsReviewed(t *testing.T) {
	for _, l := range words.Languages()[1:] {
		var said strings.Builder
		for _, p := range toursIn(l.Code) {
			fmt.Fprintf(&said, "--- %s\n\n%s\n", p.name, text.Of(p.page))
		}
		goldentest.Text(t, filepath.Join("testdata", l.Code, "pages.txt"), said.String(), *update)
	}
}

// TestOtherLanguagesLookAsReviewed keeps a handful of pictures: the words are
// what differs, and they are in the text.
func TestOtherLanguagesLookAsReviewed(t *testing.T) {
	painter := paint.New()
	for _, l := range words.Languages()[1:] {
		for _, p := range toursIn(l.Code) {
			if !slices.Contains([]string{"idle", "settings", "card.menu", "unlock.warning", "unlock.answer", "unlock.code"}, p.name) {
				continue
			}
			t.Run(l.Code+"/"+p.name, func(t *testing.T) {
				got := image.NewRGBA(layouttest.Large().Bounds())
				painter.Paint(layout.Of(p.page, layouttest.Large(), typing.State{}), got)
				painttest.Golden(t, filepath.Join("testdata", l.Code, p.name+".png"), got, *update)
			})
		}
	}
}

// TestEveryLanguageHasTheSamePages: a page is the same in every language, but
// for its words.
func TestEveryLanguageHasTheSamePages(t *testing.T) {
	english := tours()
	for _, l := range words.Languages()[1:] {
		for i, p := range toursIn(l.Code) {
			if got, want := shape(p.page), shape(english[i].page); got != want {
				t.Errorf("%s in %s is\n%s, not\n%s", p.name, l.Name, got, want)
			}
			if p.page.Title == english[i].page.Title {
				t.Errorf("%s in %s is headed with %q", p.name, l.Name, p.page.Title)
			}
		}
	}
}

// shape is a page without its words.
func shape(p display.Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, %d paragraphs, step %v, doing %v, error %v, private %v, field %v",
		p.ID, p.Tone, len(p.Body), p.Step != "", p.Doing != "", p.Error != "", p.Private, p.Field != nil)
	for _, c := range p.Choices {
		fmt.Fprintf(&b, ", choice %s", c.Key)
	}
	for _, a := range p.Actions {
		fmt.Fprintf(&b, ", action %s %v", a.Key, a.Aside)
	}
	return b.String()
}

// TestNamesOfLanguagesAreMarked as what they are, where a page offers them.
func TestNamesOfLanguagesAreMarked(t *testing.T) {
	r := &tour{state: journey.Start(heath()), language: "en"}
	r.happens(journey.ReaderChanged{Present: true, Approved: true}, journey.LinkChanged{Up: true})
	r.look("")
	r.presses(display.Settings)
	r.look("")
	first, settings := r.pictures[0].page, r.pictures[1].page
	marked := []string{first.Actions[0].Label + " " + first.Actions[0].Language}
	for _, c := range settings.Choices {
		if c.Language != "" {
			marked = append(marked, c.Label+" "+c.Language)
		}
	}
	next := words.Tongues()[1].Name + " " + words.Tongues()[1].Code
	if want := []string{next, next}; !slices.Equal(marked, want) {
		t.Errorf("%q, want %q", marked, want)
	}
}
