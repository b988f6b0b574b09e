package touch

import (
	"image"
	"math"
	"testing"
)

func TestAGlassThatCountsInPixelsMapsNumberToNumber(t *testing.T) {
	m := Stretch(Pixels(image.Pt(480, 320)), Orientation{}, image.Pt(480, 320))
	for x := range 480 {
		for _, y := range []int{0, 1, 159, 160, 319} {
			if got := m.At(x, y); got != image.Pt(x, y) {
				t.Fatalf("%d,%d is at %v", x, y, got)
			}
		}
	}
}

// The corners of a glass of 320x480, clockwise from its own top left, under a
// picture that is turned.
func TestEveryOrientationPutsTheCornersWhereTheyAre(t *testing.T) {
	corners := []image.Point{{0, 0}, {319, 0}, {319, 479}, {0, 479}}
	for _, c := range []struct {
		o    Orientation
		want []image.Point
	}{
		{Orientation{Rotation: 0}, []image.Point{{0, 0}, {319, 0}, {319, 479}, {0, 479}}},
		{Orientation{Rotation: 90}, []image.Point{{0, 319}, {0, 0}, {479, 0}, {479, 319}}},
		{Orientation{Rotation: 180}, []image.Point{{319, 479}, {0, 479}, {0, 0}, {319, 0}}},
		{Orientation{Rotation: 270}, []image.Point{{479, 0}, {479, 319}, {0, 319}, {0, 0}}},
		{Orientation{Mirror: true}, []image.Point{{319, 0}, {0, 0}, {0, 479}, {319, 479}}},
		{Orientation{Rotation: 90, Mirror: true}, []image.Point{{0, 0}, {0, 319}, {479, 319}, {479, 0}}},
	} {
		panel := c.o.Unturned(image.Pt(320, 480))
		m := Stretch(Pixels(image.Pt(320, 480)), c.o, panel)
		for i, corner := range corners {
			if got := m.At(corner.X, corner.Y); got != c.want[i] {
				t.Errorf("%+v: the corner %v is at %v, not %v", c.o, corner, got, c.want[i])
			}
		}
	}
}

func TestARangeIsStretchedOverThePanel(t *testing.T) {
	r := Range{image.Pt(200, 3900), image.Pt(3900, 4000)}
	m := Stretch(r, Orientation{}, image.Pt(800, 480))
	for at, want := range map[image.Point]image.Point{
		{200, 3900}: {0, 2}, {3900, 4000}: {799, 477}, {2050, 3950}: {400, 240},
	} {
		if got := m.At(at.X, at.Y); got != want {
			t.Errorf("%v is at %v, not %v", at, got, want)
		}
	}
}

func TestNothingIsOutsideThePanel(t *testing.T) {
	m := Stretch(Pixels(image.Pt(10, 10)), Orientation{}, image.Pt(800, 480))
	for _, at := range []image.Point{{-5, -5}, {math.MaxInt32, math.MinInt32}, {10, 11}} {
		if got := m.At(at.X, at.Y); !got.In(image.Rect(0, 0, 800, 480)) {
			t.Errorf("%v is at %v", at, got)
		}
	}
}

func TestWhatIsNoOrientationOrRangeIsSaid(t *testing.T) {
	if err := (Orientation{Rotation: 45}).Check(); err == nil {
		t.Error("45 degrees pass")
	}
	if err := (Range{Max: image.Pt(0, 5)}).Check(); err == nil {
		t.Error("a line passes as an area")
	}
	for _, rotation := range []int{0, 90, 180, 270} {
		if err := (Orientation{Rotation: rotation}).Check(); err != nil {
			t.Error(err)
		}
	}
}
