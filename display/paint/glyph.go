package paint

import (
	"image"
	"image/color"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
)

// glyphKey names a drawn glyph. Glyphs are drawn at four places between two
// pixels, so that spacing looks even.
type glyphKey struct {
	r      rune
	px     int
	weight theme.Weight
	shift  fixed.Int26_6
	most   fixed.Int26_6 // it is made as narrow as this; 0 for any width
}

// line paints a line of text.
func (p *Painter) line(on *image.RGBA, l *layout.Line, ink color.RGBA) {
	f := l.Weight.Font()
	x := fixed.I(l.X)
	var before rune
	for _, r := range l.Text {
		kern, width := f.Advance(before, r, l.Px)
		x += kern
		p.glyph(on, x, l.Y, p.glyphs, glyphKey{r: r, px: l.Px, weight: l.Weight}, ink)
		x += width
		before = r
	}
}

// glyph paints one of those that were drawn, or draws it first.
func (p *Painter) glyph(on *image.RGBA, x fixed.Int26_6, y int, drawn map[glyphKey]mask, key glyphKey, ink color.RGBA) {
	key.shift = between(x)
	m, ok := drawn[key]
	if !ok {
		m = p.drawGlyph(key)
		drawn[key] = m
	}
	blend(on, m, image.Pt((x+nearest).Floor(), y), ink)
}

// nearest rounds to the nearest quarter of a pixel.
const nearest = fixed.Int26_6(8)

// between is how far into its pixel a glyph stands, in quarters.
func between(x fixed.Int26_6) fixed.Int26_6 { return (x + nearest) & 0x30 }

// drawGlyph draws the outline of a glyph; one the font lacks is nothing.
func (p *Painter) drawGlyph(key glyphKey) mask {
	b := &p.raster.glyph
	outlines := key.weight.Font().Outlines
	i, err := outlines.GlyphIndex(b, key.r)
	if err != nil {
		return mask{}
	}
	segments, err := outlines.LoadGlyph(b, i, fixed.I(key.px), nil)
	if err != nil || len(segments) == 0 {
		return mask{}
	}
	rect := glyphRect(b, outlines, i, key)
	p.raster.z.Reset(rect.Dx(), rect.Dy())
	p.outline(segments, key.narrow(), float32(key.shift)/64-float32(rect.Min.X), -float32(rect.Min.Y))
	clear(segments)
	return p.raster.mask(rect)
}

func glyphRect(b *sfnt.Buffer, f *sfnt.Font, i sfnt.GlyphIndex, key glyphKey) image.Rectangle {
	bounds, _, err := f.GlyphBounds(b, i, fixed.I(key.px), font.HintingNone)
	if err != nil {
		return image.Rectangle{}
	}
	return image.Rect(bounds.Min.X.Floor()-1, bounds.Min.Y.Floor()-1, bounds.Max.X.Ceil()+2, bounds.Max.Y.Ceil()+1)
}

// narrow is the part of its width that a glyph has.
func (k glyphKey) narrow() float32 {
	_, width := k.weight.Font().Advance(0, k.r, k.px)
	if k.most == 0 || width <= k.most {
		return 1
	}
	return float32(k.most) / float32(width)
}

func (p *Painter) outline(segments sfnt.Segments, narrow, dx, dy float32) {
	z := &p.raster.z
	at := func(q fixed.Point26_6) (x, y float32) { return float32(q.X)/64*narrow + dx, float32(q.Y)/64 + dy }
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
}
