package paneltest

import "image"

// Difference is a place where somebody sees something else than what was
// drawn, rounded to the nearest colour that a panel of so many bits a pixel
// has: 16, 18 or 24.
func Difference(seen, drawn *image.RGBA, bits int) (at image.Point, differ bool) {
	if seen.Rect != drawn.Rect {
		return image.Point{-1, -1}, true
	}
	others, green := rounded(bits/3), rounded((bits+2)/3)
	for i := 0; i < len(drawn.Pix); i += 4 {
		s, d := (*[4]byte)(seen.Pix[i:]), (*[4]byte)(drawn.Pix[i:])
		if s[0] != others[d[0]] || s[1] != green[d[1]] || s[2] != others[d[2]] {
			return image.Pt(i/4%drawn.Rect.Dx(), i/4/drawn.Rect.Dx()), true
		}
	}
	return image.Point{}, false
}

// rounded is the nearest level there is with so many bits, 5 to 8, for each.
func rounded(bits int) (to [256]byte) {
	most := 1<<bits - 1
	for v := range to {
		level := (v*most*2 + 255) / 510
		to[v] = byte(level<<(8-bits) | level>>(2*bits-8))
	}
	return to
}
