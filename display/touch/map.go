package touch

import (
	"fmt"
	"image"
	"math"
)

// Orientation is how the picture lies on the glass.
type Orientation struct {
	Rotation int  // by how many degrees the picture is turned clockwise: 0, 90, 180 or 270
	Mirror   bool // the glass counts x from the right
}

// Check says what is wrong with the orientation.
func (o Orientation) Check() error {
	switch o.Rotation {
	case 0, 90, 180, 270:
		return nil
	}
	return fmt.Errorf("rotation is %d: use 0, 90, 180 or 270", o.Rotation)
}

// Unturned is the size of the glass, as it counts, under a picture of the
// given size.
func (o Orientation) Unturned(picture image.Point) image.Point {
	if o.Rotation%180 != 0 {
		return image.Pt(picture.Y, picture.X)
	}
	return picture
}

// Range is what a controller counts from and to; both ends are on the glass.
type Range struct {
	Min, Max image.Point
}

// Pixels is the range of a glass that counts in pixels.
func Pixels(size image.Point) Range {
	return Range{Max: size.Sub(image.Pt(1, 1))}
}

// Check says what is wrong with the range.
func (r Range) Check() error {
	if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
		return fmt.Errorf("the glass counts from %v to %v, which is no area", r.Min, r.Max)
	}
	return nil
}

// Map takes a place on the glass to a pixel of the panel: an affine map, and
// then the nearest pixel that there is.
//
//	x' = XX·x + XY·y + X0
//	y' = YX·x + YY·y + Y0
type Map struct {
	XX, XY, X0 float64
	YX, YY, Y0 float64
	Size       image.Point // of the panel
}

// Stretch maps a range to the whole of a panel.
func Stretch(r Range, o Orientation, panel image.Point) Map {
	// First to u and v, which go from 0 to 1 over the glass. Half a unit more
	// is the middle of one, so that equal sizes map number to number.
	fromX, fromY := float64(r.Min.X)-0.5, float64(r.Min.Y)-0.5
	wide, high := float64(r.Max.X)+0.5-fromX, float64(r.Max.Y)+0.5-fromY
	u := line{x: 1 / wide, c: -fromX / wide}
	v := line{y: 1 / high, c: -fromY / high}
	if o.Mirror {
		u = u.back()
	}
	switch o.Rotation {
	case 90:
		u, v = v, u.back()
	case 180:
		u, v = u.back(), v.back()
	case 270:
		u, v = v.back(), u
	}
	w, h := float64(panel.X), float64(panel.Y)
	return Map{XX: u.x * w, XY: u.y * w, X0: u.c * w, YX: v.x * h, YY: v.y * h, Y0: v.c * h, Size: panel}
}

// line is x·X + y·Y + c.
type line struct{ x, y, c float64 }

// back is the line that counts from the other end.
func (l line) back() line { return line{-l.x, -l.y, 1 - l.c} }

// At is the pixel under a place on the glass.
func (m Map) At(x, y int) image.Point {
	fx, fy := float64(x), float64(y)
	return image.Pt(
		pixel(m.XX*fx+m.XY*fy+m.X0, m.Size.X),
		pixel(m.YX*fx+m.YY*fy+m.Y0, m.Size.Y),
	)
}

// pixel is the one of n pixels that holds f. What rounding takes from a whole
// number, which differs between processors, is given back first.
func pixel(f float64, n int) int {
	return int(math.Floor(max(0, min(f+1e-6, float64(n-1)))))
}
