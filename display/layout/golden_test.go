package layout_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden layouts")

// One file a page has its rectangles on both panels in all text sizes: a pad,
// a keyboard, choices, and more to read than there is room for. The pages of
// the product are with their words.
func TestLayoutsAreAsReviewed(t *testing.T) {
	for _, id := range []string{"unlock.code", "register.answer", "register.question", "code.where"} {
		t.Run(id, func(t *testing.T) {
			got := layouttest.Text(sample(id), layouttest.Large(), layouttest.Scales()...) +
				layouttest.Text(sample(id), layouttest.Small(), layouttest.Scales()...)
			goldentest.Text(t, filepath.Join("testdata", id+".txt"), got, *update)
		})
	}
}

func TestALayoutAsTextDoesNotSayWhatWasTyped(t *testing.T) {
	for _, p := range layouttest.Samples() {
		if p.Field.Count() < 4 {
			continue
		}
		l := layout.Of(p, layouttest.Large(), typing.State{})
		for _, said := range []string{l.String(), fmt.Sprintf("%v %+v", l.Boxes, l.Field)} {
			if strings.Contains(said, p.Field.Value.Reveal()) {
				t.Errorf("%s says it", p.ID)
			}
		}
	}
}
