package paint

import (
	"image"
	"image/color"

	"unlockpoint/display/theme"
)

// shapeKey names a drawn shape: a symbol, or the disc that rounds corners.
type shapeKey struct {
	symbol theme.Symbol
	size   int
}

// symbol paints a symbol on the middle of a rectangle.
func (p *Painter) symbol(on *image.RGBA, r image.Rectangle, s theme.Symbol, ink color.RGBA) {
	size := min(r.Dx(), r.Dy())
	at := r.Min.Add(image.Pt((r.Dx()-size)/2, (r.Dy()-size)/2))
	blend(on, p.drawn(shapeKey{s, size}, s.Path), at, ink)
}

// drawn is a shape from the cache, drawn when it is new.
func (p *Painter) drawn(key shapeKey, path func() []theme.Stroke) mask {
	m, ok := p.shapes[key]
	if !ok {
		m = p.raster.path(path(), key.size)
		p.shapes[key] = m
	}
	return m
}

// whole is a disc that fills its square: its quarters are round corners.
const whole theme.Symbol = "whole disc"

func (p *Painter) disc(size int) mask {
	return p.drawn(shapeKey{whole, size}, wholeDisc)
}

func wholeDisc() []theme.Stroke { return theme.Circle(12, 12, 12) }

// rounded fills a rectangle with round corners.
func (p *Painter) rounded(on *image.RGBA, r image.Rectangle, radius int, c color.RGBA) {
	radius = min(radius, r.Dx()/2, r.Dy()/2)
	if radius < 1 {
		fill(on, r, c)
		return
	}
	fill(on, image.Rect(r.Min.X+radius, r.Min.Y, r.Max.X-radius, r.Min.Y+radius), c)
	fill(on, image.Rect(r.Min.X, r.Min.Y+radius, r.Max.X, r.Max.Y-radius), c)
	fill(on, image.Rect(r.Min.X+radius, r.Max.Y-radius, r.Max.X-radius, r.Max.Y), c)
	p.corners(on, r, radius, c)
}

func (p *Painter) corners(on *image.RGBA, r image.Rectangle, radius int, c color.RGBA) {
	disc := p.disc(2 * radius)
	for _, side := range [...]struct{ x, y int }{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		corner := image.Rect(0, 0, radius, radius).Add(image.Pt(
			r.Min.X+side.x*(r.Dx()-radius), r.Min.Y+side.y*(r.Dy()-radius)))
		origin := corner.Min.Sub(image.Pt(side.x*radius, side.y*radius))
		blendPart(on, disc, origin, corner, c)
	}
}

// blendPart is blend inside a rectangle only.
func blendPart(on *image.RGBA, m mask, at image.Point, inside image.Rectangle, c color.RGBA) {
	r := m.rect.Add(at)
	seen := inside.Intersect(r).Intersect(on.Rect)
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		cover := m.cover[(y-r.Min.Y)*r.Dx()+seen.Min.X-r.Min.X:][:seen.Dx()]
		blendRow(on.Pix[on.PixOffset(seen.Min.X, y):][:4*len(cover)], cover, c)
	}
}
