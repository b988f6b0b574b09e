// Package paint turns a Layout into pixels, and two pictures into what has to
// be sent to the panel.
//
// Its words: a [Painter] paints whole pages and keeps glyphs and shapes it
// has drawn; damage is the rectangles in which two pictures differ. A Painter
// that has drawn a page once draws it again without allocating.
//
// This is the only package that looks at what was typed into a field. Of that
// it keeps single glyphs, until Forget; a picture of a private page is the
// caller's to overpaint.
package paint

import (
	"image"
	"image/color"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
)

// Painter paints layouts. It belongs to one goroutine.
type Painter struct {
	glyphs   map[glyphKey]mask
	typed    map[glyphKey]mask // what was typed; Forget drops them
	shapes   map[shapeKey]mask
	palettes map[display.Colours]theme.Palette
	raster   raster
	ppmm     float64
}

// New returns a Painter.
func New() *Painter {
	p := &Painter{
		glyphs: map[glyphKey]mask{}, typed: make(map[glyphKey]mask, room),
		shapes: map[shapeKey]mask{}, palettes: map[display.Colours]theme.Palette{},
	}
	for _, c := range display.AllColours() {
		p.palettes[c] = theme.Of(c)
	}
	return p
}

// Paint paints the whole layout on the picture, which has the screen's size.
func (p *Painter) Paint(l layout.Layout, on *image.RGBA) {
	p.ppmm = l.Screen.PPMM
	looks := p.palettes[l.Look.Colours]
	fill(on, on.Rect, looks[theme.Page].Fill)
	for i := range l.Boxes {
		p.box(on, &l, &l.Boxes[i], looks, l.Touch == i+1)
	}
}

// Forget drops the glyphs that were drawn of what was typed: which characters
// they are, and where they stood between two pixels.
func (p *Painter) Forget() {
	for _, m := range p.typed {
		clear(m.cover)
	}
	clear(p.typed) // the keys as well, which delete would leave
}

func (p *Painter) box(on *image.RGBA, l *layout.Layout, b *layout.Box, looks theme.Palette, pressed bool) {
	look := looks[b.Style]
	if pressed {
		look = looks.Pressed(b.Style)
	}
	p.shape(on, b.Rect, look)
	for _, m := range b.Marks {
		p.mark(on, m, looks)
	}
	for i := range b.Lines {
		ink := looks[b.Lines[i].Ink].Ink
		if pressed && b.Lines[i].Ink == b.Style {
			ink = look.Ink
		}
		p.line(on, &b.Lines[i], ink)
	}
	if b.Value != nil {
		p.value(on, l, b.Value, looks)
	}
}

func (p *Painter) mark(on *image.RGBA, m layout.Mark, looks theme.Palette) {
	if m.Symbol == theme.NoSymbol {
		p.shape(on, m.Rect, looks[m.Style])
		return
	}
	p.symbol(on, m.Rect, m.Symbol, looks[m.Style].Ink)
}

// shape paints fill, border and lower edge of a box.
func (p *Painter) shape(on *image.RGBA, r image.Rectangle, look theme.Look) {
	radius, line := p.px(look.Radius), p.px(look.Line)
	if look.Shadow.A != 0 {
		p.rounded(on, r, radius, look.Shadow)
		r.Max.Y -= p.px(look.Depth)
	}
	if look.Border.A != 0 {
		p.rounded(on, r, radius, look.Border)
		r = r.Inset(line)
		radius = max(0, radius-line)
	}
	if look.Fill.A != 0 {
		p.rounded(on, r, radius, look.Fill)
	}
}

func (p *Painter) px(mm float64) int { return theme.Scale{PPMM: p.ppmm}.MM(mm) }

// fill is a plain rectangle: the first row by hand, the others copied.
func fill(on *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(on.Rect)
	if r.Empty() {
		return
	}
	first := on.Pix[on.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	copy(first, []byte{c.R, c.G, c.B, 0xff})
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(on.Pix[on.PixOffset(r.Min.X, y):], first)
	}
}
