package pages_test

import (
	"flag"
	"image"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/paint/painttest"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden pictures and layouts of the pages")

// TestEveryPageLooksAsReviewed compares what people see on the reference
// panel with pictures.
func TestEveryPageLooksAsReviewed(t *testing.T) {
	t.Parallel()
	painter := paint.New()
	for _, p := range tours() {
		t.Run(p.name, func(t *testing.T) {
			got := image.NewRGBA(layouttest.Large().Bounds())
			painter.Paint(layout.Of(p.page, layouttest.Large(), typing.State{}), got)
			painttest.Golden(t, filepath.Join("testdata", p.name+".png"), got, *update)
		})
	}
}

// TestEveryPageIsLaidOutAsReviewed compares, one picture a page, where things
// go when the text is larger or the panel smaller.
func TestEveryPageIsLaidOutAsReviewed(t *testing.T) {
	for name, p := range firstOfEach() {
		t.Run(name, func(t *testing.T) {
			goldentest.Text(t, filepath.Join("testdata", name+".txt"), laidOut(p), *update)
		})
	}
}

// TestEveryPictureFits holds each to the rules of both panels, in every text
// size and language, and of the least ones in the usual size: what there is to
// read and to touch.
func TestEveryPictureFits(t *testing.T) {
	for _, l := range words.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			t.Parallel()
			check, least := layouttest.CheckWords, layouttest.CheckLeastWords
			if l.Code == "en" {
				check, least = layouttest.Check, layouttest.CheckLeast
			}
			for _, p := range toursIn(l.Code) {
				check(t, p.page, layouttest.Large())
				check(t, p.page, layouttest.Small())
				least(t, p.page)
			}
			covered := front.Covered(toursIn(l.Code)[0].page)
			check(t, covered, layouttest.Large())
			check(t, covered, layouttest.Small())
			least(t, covered)
		})
	}
}

// TestTheLargestTextIsMostlyHadOnTheSmallPanel: seven in ten pages are as large
// as was asked, and none has to do with the usual size.
func TestTheLargestTextIsMostlyHadOnTheSmallPanel(t *testing.T) {
	for _, l := range words.Languages() {
		all, asked := toursIn(l.Code), 0
		for _, p := range all {
			p.page.Look.TextScale = 170
			switch text := layout.Of(p.page, layouttest.Small(), typing.State{}).Text; {
			case text == 170:
				asked++
			case text < 120:
				t.Errorf("%s: %s is at %d %%", l.Code, p.name, text)
			}
		}
		if asked*10 < len(all)*7 {
			t.Errorf("%s: %d of %d pages have the text they were asked for", l.Code, asked, len(all))
		}
	}
}

// firstOfEach is the first picture of every page, by the page.
func firstOfEach() map[string]display.Page {
	first := map[string]display.Page{}
	for _, p := range tours() {
		if _, known := first[p.page.ID]; !known {
			first[p.page.ID] = p.page
		}
	}
	return first
}

// laidOut leaves out what is a picture already.
func laidOut(p display.Page) string {
	return layouttest.Text(p, layouttest.Large(), 135, 170) + layouttest.Text(p, layouttest.Small(), layouttest.Scales()...)
}

func TestEveryPageHasItsPicture(t *testing.T) {
	first, names := firstOfEach(), map[string]bool{}
	for _, id := range journey.Pages() {
		if _, shown := first[string(id)]; !shown {
			t.Errorf("no tour shows %s", id)
		}
	}
	for _, p := range tours() {
		if names[p.name] {
			t.Errorf("there are 2 pictures by the name of %s", p.name)
		}
		names[p.name] = true
	}
	files, err := filepath.Glob("testdata/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".png"); !names[name] {
			t.Errorf("%s is a picture that no tour takes", file)
		}
	}
}
