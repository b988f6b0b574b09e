package paint

import (
	"bytes"
	"image"
)

// What another rectangle costs a panel, in pixels. Setting the window of an
// ILI9341 takes 11 bytes. It also takes two to six transfers, and in the 20 us
// that each of them costs a bus of 32 MHz sends 40 pixels. For a letter bytes
// are what counts; for a page 16 lies between what bytes and what time want.
const (
	cheap = 6
	dear  = 16
	few   = 24 // rectangles that are cheap
)

func price(rectangles int) int {
	if rectangles < few {
		return cheap
	}
	return dear
}

// Damage is where two pictures of the same size differ, as rectangles that
// do not cost more to send than they save: two are joined only if together
// they are cheaper.
func Damage(old, new *image.RGBA) []image.Rectangle {
	return AppendDamage(nil, old, new)
}

// AppendDamage is Damage appended to a slice, which saves allocating one.
func AppendDamage(to []image.Rectangle, old, new *image.RGBA) []image.Rectangle {
	start := len(to)
	for y := new.Rect.Min.Y; y < new.Rect.Max.Y; y++ {
		a, b := row(old, y), row(new, y)
		if bytes.Equal(a, b) {
			continue
		}
		to = spans(to, start, a, b, image.Pt(new.Rect.Min.X, y))
	}
	return to
}

func row(m *image.RGBA, y int) []byte {
	return m.Pix[m.PixOffset(m.Rect.Min.X, y):][:4*m.Rect.Dx()]
}

// spans adds the runs of pixels in which a row differs.
func spans(to []image.Rectangle, start int, a, b []byte, at image.Point) []image.Rectangle {
	for x := 0; x < len(a); {
		x += same(a[x:], b[x:])
		if x >= len(a) {
			return to
		}
		price := price(len(to) - start)
		end := x + differing(a[x:], b[x:], price)
		to = join(to, start, image.Rect(at.X+x/4, at.Y, at.X+end/4, at.Y+1), price)
		x = end
	}
	return to
}

// same is how many bytes at the start are the same, in whole pixels.
func same(a, b []byte) int {
	const stride = 256
	x := 0
	for x+stride <= len(a) && bytes.Equal(a[x:x+stride], b[x:x+stride]) {
		x += stride
	}
	for x < len(a) && bytes.Equal(a[x:x+4], b[x:x+4]) {
		x += 4
	}
	return x
}

// differing is how long a run of differences is; a gap of a few pixels does
// not end it, since another rectangle would cost more.
func differing(a, b []byte, price int) int {
	end := 4
	for x := 4; x < len(a) && x-end < 4*price; x += 4 {
		if !bytes.Equal(a[x:x+4], b[x:x+4]) {
			end = x + 4
		}
	}
	return end
}

// join adds a rectangle, together with an earlier one if that is cheaper.
// Only the last few can be near enough.
func join(to []image.Rectangle, start int, r image.Rectangle, price int) []image.Rectangle {
	const near = 12
	for i := len(to) - 1; i >= max(start, len(to)-near); i-- {
		if both := to[i].Union(r); area(both) <= area(to[i])+area(r)+price {
			to[i] = both
			return to
		}
	}
	return append(to, r)
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
