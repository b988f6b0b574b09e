package paint

import (
	"flag"
	"image"
	"path/filepath"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint/painttest"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden pictures")

// TestOtherColoursLookAsReviewed paints what there is to paint: a picture, a
// pad, a keyboard and a warning. The pages of the product, in the usual
// colours, are with their words.
func TestOtherColoursLookAsReviewed(t *testing.T) {
	for _, colours := range display.AllColours()[1:] {
		for _, p := range samples("idle", "unlock.code", "register.answer", "unlock.warning") {
			name := string(colours) + "-" + p.ID
			t.Run(name, func(t *testing.T) {
				p.Look = display.Look{Colours: colours, TextScale: 135}
				got := image.NewRGBA(layouttest.Large().Bounds())
				New().Paint(layout.Of(p, layouttest.Large(), typing.State{}), got)
				painttest.Golden(t, filepath.Join("testdata", name+".png"), got, *update)
			})
		}
	}
}
