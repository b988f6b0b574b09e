package paint

import (
	"image"
	"image/color"

	"golang.org/x/image/math/fixed"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
)

// value paints what was typed, and marks where the next character goes.
func (p *Painter) value(on *image.RGBA, l *layout.Layout, v *layout.Value, looks theme.Palette) {
	ink := looks[theme.Input].Ink
	if len(v.Cells) == 0 {
		p.row(on, l.Field, v, ink)
		return
	}
	typed := l.Field.Count()
	for i, c := range v.Cells[:min(typed, len(v.Cells))] {
		p.cell(on, l.Field.Value.Rune(i), c, v, ink)
	}
	if typed < len(v.Cells) {
		p.next(on, v.Cells[typed], v.Px, ink)
	}
}

// cell paints one character in the middle of its box.
func (p *Painter) cell(on *image.RGBA, r rune, c image.Rectangle, v *layout.Value, ink color.RGBA) {
	if v.Masked {
		p.dot(on, c, v.Px, ink)
		return
	}
	x := fixed.I(c.Min.X) + (fixed.I(c.Dx())-typedWidth(r, v.Px))/2
	p.character(on, x, baseline(c, v.Px), r, v.Px, ink)
}

// baseline is where characters stand whose capitals are in the middle.
func baseline(r image.Rectangle, px int) int {
	return r.Min.Y + (r.Dy()+typedFont().CapHeight(px))/2
}

// next is a line where a box's character is to stand. Whatever is typed sends
// it twice, where it was and where it goes: a box of another colour would be
// ten times that.
func (p *Painter) next(on *image.RGBA, c image.Rectangle, px int, ink color.RGBA) {
	width, height := px*2/5, max(2, px/20)
	left, y := c.Min.X+(c.Dx()-width)/2, baseline(c, px)
	fill(on, image.Rect(left, y-height, left+width, y), ink)
}

// dot stands for a character that is masked.
func (p *Painter) dot(on *image.RGBA, c image.Rectangle, px int, ink color.RGBA) {
	size := dotSize(px)
	at := c.Min.Add(image.Pt((c.Dx()-size)/2, (c.Dy()-size)/2))
	blend(on, p.disc(size), at, ink)
}

func dotSize(px int) int { return max(4, px*2/5) &^ 1 }

// row paints characters in a row with a caret after them; when they are more
// than fit, the last ones show.
func (p *Painter) row(on *image.RGBA, field *display.Field, v *layout.Value, ink color.RGBA) {
	caret := max(2, v.Px/20)
	from, room := field.Count(), fixed.I(v.Rect.Dx()-2*caret)
	for from > 0 && room >= width(field.Value, from-1, v) {
		from--
		room -= width(field.Value, from, v)
	}
	x := fixed.I(v.Rect.Min.X)
	for i := from; i < field.Count(); i++ {
		p.inRow(on, x, field.Value.Rune(i), v, ink)
		x += width(field.Value, i, v)
	}
	left, height := x.Ceil()+1, v.Px*4/5
	top := v.Rect.Min.Y + (v.Rect.Dy()-height)/2
	fill(on, image.Rect(left, top, left+caret, top+height), ink)
}

// width is how wide the i-th character is in a row.
func width(s *display.Secret, i int, v *layout.Value) fixed.Int26_6 {
	if v.Masked {
		return fixed.I(dotSize(v.Px) * 3 / 2)
	}
	return typedWidth(s.Rune(i), v.Px)
}

func (p *Painter) inRow(on *image.RGBA, x fixed.Int26_6, r rune, v *layout.Value, ink color.RGBA) {
	if v.Masked {
		left := x.Floor()
		p.dot(on, image.Rect(left, v.Rect.Min.Y, left+dotSize(v.Px), v.Rect.Max.Y), v.Px, ink)
		return
	}
	p.character(on, x, baseline(v.Rect, v.Px), r, v.Px, ink)
}

// room is for the glyphs of more than one field holds. A map that grows leaves
// behind what it was.
const room = 200

// character is a glyph that Forget drops.
func (p *Painter) character(on *image.RGBA, x fixed.Int26_6, y int, r rune, px int, ink color.RGBA) {
	if len(p.typed) >= room {
		p.Forget()
	}
	p.glyph(on, x, y, p.typed, glyphKey{r: r, px: px, weight: theme.Regular, most: widest(px)}, ink)
}

// typedFont is that of everything that is typed.
func typedFont() *theme.Font { return theme.Regular.Font() }

// widest is how wide a character may be: M, W, @ and % are drawn narrower, at
// their height, so that a panel shows them as fast as others.
func widest(px int) fixed.Int26_6 { return fixed.Int26_6(px * 64 * 7 / 10) }

func typedWidth(r rune, px int) fixed.Int26_6 {
	_, w := typedFont().Advance(0, r, px)
	return min(w, widest(px))
}
