package paint

import (
	"image"
	"image/color"

	"golang.org/x/image/math/fixed"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/theme"
)

// value paints what was typed.
func (p *Painter) value(on *image.RGBA, l *layout.Layout, v *layout.Value, looks theme.Palette) {
	ink := looks[theme.Input].Ink
	if len(v.Cells) > 0 {
		for i := range min(l.Field.Count(), len(v.Cells)) {
			p.cell(on, l.Field.Value, i, v, ink)
		}
		return
	}
	p.row(on, l.Field, v, ink)
}

// cell paints one character in the middle of its box.
func (p *Painter) cell(on *image.RGBA, s *display.Secret, i int, v *layout.Value, ink color.RGBA) {
	c := v.Cells[i]
	if v.Masked {
		p.dot(on, c, v.Px, ink)
		return
	}
	f := theme.SemiBold.Font()
	_, width := f.Advance(0, s.Rune(i), v.Px)
	x := fixed.I(c.Min.X) + (fixed.I(c.Dx())-width)/2
	y := c.Min.Y + (c.Dy()+f.CapHeight(v.Px))/2
	p.character(on, x, y, glyphKey{r: s.Rune(i), px: v.Px, weight: theme.SemiBold}, ink)
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
	f := theme.Regular.Font()
	caret := max(2, v.Px/12)
	from, room := field.Count(), fixed.I(v.Rect.Dx()-2*caret)
	for from > 0 && room >= p.width(f, field.Value, from-1, v) {
		from--
		room -= p.width(f, field.Value, from, v)
	}
	x := fixed.I(v.Rect.Min.X)
	for i := from; i < field.Count(); i++ {
		p.inRow(on, x, field.Value.Rune(i), v, ink)
		x += p.width(f, field.Value, i, v)
	}
	left := x.Ceil() + 1
	height := v.Px * 4 / 5
	top := v.Rect.Min.Y + (v.Rect.Dy()-height)/2
	fill(on, image.Rect(left, top, left+caret, top+height), ink)
}

// width is how wide the i-th character is in a row.
func (p *Painter) width(f *theme.Font, s *display.Secret, i int, v *layout.Value) fixed.Int26_6 {
	if v.Masked {
		return fixed.I(dotSize(v.Px) * 3 / 2)
	}
	_, w := f.Advance(0, s.Rune(i), v.Px)
	return w
}

func (p *Painter) inRow(on *image.RGBA, x fixed.Int26_6, r rune, v *layout.Value, ink color.RGBA) {
	if v.Masked {
		left := x.Floor()
		p.dot(on, image.Rect(left, v.Rect.Min.Y, left+dotSize(v.Px), v.Rect.Max.Y), v.Px, ink)
		return
	}
	f := theme.Regular.Font()
	y := v.Rect.Min.Y + (v.Rect.Dy()+f.CapHeight(v.Px))/2
	p.character(on, x, y, glyphKey{r: r, px: v.Px, weight: theme.Regular}, ink)
}

// character is a glyph that Forget drops.
func (p *Painter) character(on *image.RGBA, x fixed.Int26_6, y int, key glyphKey, ink color.RGBA) {
	key.shift = between(x)
	if _, known := p.glyphs[key]; !known {
		p.typed = append(p.typed, key)
	}
	p.glyph(on, x, y, key, ink)
}
