package pages_test

import (
	"flag"
	"fmt"
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

// TestEveryPictureFitsInTheSizeAskedFor holds each to the rules of every panel, in
// every text size and language, with what is touched where it usually is and in the
// lower half: what there is to read and to touch.
func TestEveryPictureFitsInTheSizeAskedFor(t *testing.T) {
	for _, l := range words.Languages() {
		check := layouttest.CheckWords
		if l.Code == "en" {
			check = layouttest.Check
		}
		for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
			t.Run(fmt.Sprintf("%s on %dx%d", l.Code, screen.Width, screen.Height), func(t *testing.T) {
				t.Parallel()
				shown := toursIn(l.Code)
				check(t, front.Covered(shown[0].page), screen)
				for i, p := range shown {
					if *all || i%9 == screen.Width%9 {
						check(t, p.page, screen)
					}
				}
			})
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
