package paint

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

var update = flag.Bool("update", false, "write the golden pictures")

// tolerance is what one channel may differ by: arm64 fuses multiply-add in
// x/image/vector, so single bytes differ by one.
const tolerance = 2

func TestPicturesLookAsReviewed(t *testing.T) {
	for _, p := range layouttest.Samples() {
		t.Run(p.ID, func(t *testing.T) {
			got := image.NewRGBA(layouttest.Large().Bounds())
			New().Paint(layout.Of(p, layouttest.Large(), typing.State{}), got)
			golden(t, name(p.ID, p.Error), got)
		})
	}
}

func TestHighContrastLooksAsReviewed(t *testing.T) {
	for _, p := range samples("idle", "unlock.code", "register.answer", "unlock.warning") {
		t.Run(p.ID, func(t *testing.T) {
			p.Look = display.Look{HighContrast: true, TextScale: 135}
			got := image.NewRGBA(layouttest.Large().Bounds())
			New().Paint(layout.Of(p, layouttest.Large(), typing.State{}), got)
			golden(t, "high-contrast-"+p.ID+".png", got)
		})
	}
}

func name(id, err string) string {
	if err != "" {
		id += "-error"
	}
	return id + ".png"
}

func golden(t *testing.T, file string, got *image.RGBA) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		write(t, path, got)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if diff, n := compare(got, want); n > 0 {
		dir := t.ArtifactDir()
		write(t, filepath.Join(dir, "got.png"), got)
		write(t, filepath.Join(dir, "want.png"), want)
		write(t, filepath.Join(dir, "diff.png"), diff)
		t.Errorf("%d pixels differ from %s: look into %s", n, path, dir)
	}
}

// compare marks the pixels that differ.
func compare(got *image.RGBA, want image.Image) (diff *image.RGBA, n int) {
	diff = image.NewRGBA(got.Rect)
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if far(got.RGBAAt(x, y), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)) {
				diff.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
				n++
			}
		}
	}
	return diff, n
}

func far(a, b color.RGBA) bool {
	return apart(a.R, b.R) || apart(a.G, b.G) || apart(a.B, b.B) || apart(a.A, b.A)
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > tolerance }

func write(t *testing.T, path string, m image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
}
