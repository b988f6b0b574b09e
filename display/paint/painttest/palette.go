package painttest

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

const (
	most = 256 // colours that a PNG with a palette has

	// rounding is how far a colour may be from the one kept for it. The edges
	// of letters have a thousand colours; nobody sees one from the next.
	rounding = 8
)

// palette is the colours of a golden.
type palette []color.RGBA

func solid(p color.Palette) palette {
	var colours palette
	for _, c := range p {
		colours = append(colours, color.RGBAModel.Convert(c).(color.RGBA))
	}
	return colours
}

// far reports whether c is not what the golden has there, even allowing for
// what its palette could not tell apart.
func (p palette) far(c color.RGBA, want uint8) bool {
	d := apart(c, p[want])
	return d > tolerance && d > tolerance+min(rounding, apart(c, p[p.nearest(c)]))
}

func (p palette) nearest(c color.RGBA) int {
	best := 0
	for i := range p {
		if apart(c, p[i]) < apart(c, p[best]) {
			best = i
		}
	}
	return best
}

// apart is the largest difference in any channel.
func apart(a, b color.RGBA) uint8 {
	one := func(a, b uint8) uint8 { return max(a, b) - min(a, b) }
	return max(one(a.R, b.R), one(a.G, b.G), one(a.B, b.B), one(a.A, b.A))
}

// inPalette is the picture in as few colours as rounding leaves. Only one
// with more inks than any page has would need more rounding than that.
func inPalette(m *image.RGBA) *image.Paletted {
	colours, spread := byUse(m), uint8(rounding)
	p := thinned(colours, spread)
	for len(p) > most {
		spread++
		p = thinned(colours, spread)
	}
	return drawn(m, p)
}

// byUse is the colours of a picture, the most used first.
func byUse(m *image.RGBA) palette {
	uses := map[color.RGBA]int{}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			uses[m.RGBAAt(x, y)]++
		}
	}
	var all palette
	for c := range uses {
		all = append(all, c)
	}
	number := func(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(number(a), number(b)))
	})
	return all
}

// thinned leaves out what is no further than the spread from a colour that is
// used more.
func thinned(colours palette, spread uint8) palette {
	var p palette
	for _, c := range colours {
		if len(p) == 0 || apart(c, p[p.nearest(c)]) > spread {
			p = append(p, c)
		}
	}
	return p
}

func drawn(m *image.RGBA, p palette) *image.Paletted {
	var colours color.Palette
	for _, c := range p {
		colours = append(colours, c)
	}
	to, index := image.NewPaletted(m.Rect, colours), map[color.RGBA]int{}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			c := m.RGBAAt(x, y)
			if _, known := index[c]; !known {
				index[c] = p.nearest(c)
			}
			to.SetColorIndex(x, y, uint8(index[c]))
		}
	}
	return to
}
