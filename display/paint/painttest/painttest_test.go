package painttest

import (
	"image"
	"image/color"
	"path/filepath"
	"testing"
)

// ramp is a picture with more colours than a palette has: letters of several
// inks have edges like this.
func ramp() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 256, 4))
	for x := range 256 {
		n := uint8(x)
		for y, c := range []color.RGBA{{n, n, n, 255}, {255, n, n, 255}, {0, n, 255, 255}, {255, 255, 255, 255}} {
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func TestAPictureIsLikeItsGolden(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ramp.png")
	Golden(t, path, ramp(), true)
	Golden(t, path, ramp(), false)
	want, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Palette) > most {
		t.Errorf("it has %d colours", len(want.Palette))
	}
	p := solid(want.Palette)
	for _, c := range byUse(ramp()) {
		if d := apart(c, p[p.nearest(c)]); d > rounding {
			t.Errorf("%v is kept as a colour %d away", c, d)
		}
	}
}

func TestWhatTheProcessorRoundsIsNoDifference(t *testing.T) {
	want := inPalette(ramp())
	for _, c := range []struct {
		by    uint8
		least int
	}{{1, 0}, {40, 200}} {
		got := ramp()
		for x := range 256 {
			got.SetRGBA(x, 0, color.RGBA{uint8(x) ^ c.by, uint8(x), uint8(x), 255})
		}
		_, n := compare(got, want)
		if n < c.least || c.least == 0 && n > 0 {
			t.Errorf("%d off: %d pixels differ", c.by, n)
		}
	}
}

func TestAnotherColourOnAnAreaIsADifference(t *testing.T) {
	want := inPalette(ramp())
	got := ramp()
	for x := range 256 {
		got.SetRGBA(x, 3, color.RGBA{255, 255, 243, 255})
	}
	if _, n := compare(got, want); n != 256 {
		t.Errorf("%d pixels differ", n)
	}
}

func TestAPictureOfAnotherSizeIsADifference(t *testing.T) {
	if _, n := compare(image.NewRGBA(image.Rect(0, 0, 10, 10)), inPalette(ramp())); n != 100 {
		t.Errorf("%d pixels differ", n)
	}
}
