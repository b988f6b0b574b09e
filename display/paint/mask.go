package paint

import (
	"image"
	"image/color"
)

// mask is how much of each pixel something covers. Its rectangle is relative
// to where it is put.
type mask struct {
	rect  image.Rectangle
	cover []uint8
}

// blend lays a colour through a mask with its origin at a point.
func blend(on *image.RGBA, m mask, at image.Point, c color.RGBA) {
	r := m.rect.Add(at)
	seen := r.Intersect(on.Rect)
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		cover := m.cover[(y-r.Min.Y)*r.Dx()+seen.Min.X-r.Min.X:][:seen.Dx()]
		row := on.Pix[on.PixOffset(seen.Min.X, y):][:4*len(cover)]
		blendRow(row, cover, c)
	}
}

func blendRow(row, cover []uint8, c color.RGBA) {
	for i, a := range cover {
		px := row[4*i : 4*i+4 : 4*i+4]
		switch a {
		case 0:
		case 0xff:
			px[0], px[1], px[2] = c.R, c.G, c.B
		default:
			px[0], px[1], px[2] = over(c.R, px[0], a), over(c.G, px[1], a), over(c.B, px[2], a)
		}
	}
}

// over is a part a/255 of v over w.
func over(v, w, a uint8) uint8 {
	return uint8((uint32(v)*uint32(a) + uint32(w)*uint32(0xff-a) + 127) / 255)
}
