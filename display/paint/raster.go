package paint

import (
	"image"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"

	"unlockpoint/display/theme"
)

// raster draws outlines into masks. It keeps nothing of them: one may be a letter
// of an answer.
type raster struct {
	z     vector.Rasterizer
	glyph sfnt.Buffer
}

// mask takes what was drawn on w x h pixels, which belong at a rectangle.
func (r *raster) mask(rect image.Rectangle) mask {
	a := image.NewAlpha(image.Rect(0, 0, rect.Dx(), rect.Dy()))
	r.z.Draw(a, a.Rect, image.Opaque, image.Point{})
	r.z.Reset(rect.Dx(), rect.Dy())
	return mask{rect, a.Pix}
}

// path draws a symbol's outline on a square of so many pixels.
func (r *raster) path(strokes []theme.Stroke, size int) mask {
	r.z.Reset(size, size)
	k := float32(size) / 24
	for _, s := range strokes {
		a := s.Args
		for i := range a {
			a[i] *= k
		}
		switch s.Op {
		case 'M':
			r.z.MoveTo(a[0], a[1])
		case 'L':
			r.z.LineTo(a[0], a[1])
		case 'C':
			r.z.CubeTo(a[0], a[1], a[2], a[3], a[4], a[5])
		case 'Z':
			r.z.ClosePath()
		}
	}
	return r.mask(image.Rect(0, 0, size, size))
}
