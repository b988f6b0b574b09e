package layout_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden layouts")

// One file a page has its rectangles on both panels in all text sizes.
func TestLayoutsAreAsReviewed(t *testing.T) {
	for _, p := range layouttest.Samples() {
		id := p.ID
		if p.Error != "" {
			id += "-error"
		}
		t.Run(id, func(t *testing.T) {
			var got strings.Builder
			for _, screen := range []layout.Screen{layouttest.Large(), layouttest.Small()} {
				for _, scale := range layouttest.Scales() {
					p.Look.TextScale = scale
					for part := range layout.Of(p, screen, typing.State{}).Parts {
						fmt.Fprintf(&got, "asked %d%%: %v\n", scale, layout.Of(p, screen, typing.State{Part: part}))
					}
				}
			}
			golden(t, filepath.Join("testdata", id+".txt"), got.String())
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	file := filepath.Join(t.ArtifactDir(), filepath.Base(path))
	if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Errorf("not as in %s; what it is now is in %s", path, file)
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
