package panel

import (
	"image"
	"math"
)

// shade makes pictures darker, for a panel whose light cannot be. Of none they
// are as they were.
type shade struct {
	level int // in per cent of the light
	table [256]uint8
	into  *image.RGBA
}

// newShade is nil for a picture as bright as it was drawn.
func newShade(percent int, size image.Rectangle) *shade {
	if percent >= 100 {
		return nil
	}
	s := &shade{level: max(percent, 0), into: image.NewRGBA(size)}
	for v := range s.table {
		s.table[v] = uint8(math.Round(float64(v) * math.Pow(float64(percent)/100, 1/gamma)))
	}
	return s
}

// gamma is how the light of a panel follows its values (IEC 61966-2-1, about).
const gamma = 2.2

func (s *shade) percent() int {
	if s == nil {
		return 100
	}
	return s.level
}

// over is a picture that is darker within a rectangle, until the next call.
func (s *shade) over(m *image.RGBA, r image.Rectangle) *image.RGBA {
	if s == nil {
		return m
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := m.PixOffset(r.Min.X, y)
		to, from := s.into.Pix[at:at+4*r.Dx()], m.Pix[at:at+4*r.Dx()]
		for i := 0; i < len(from); i += 4 {
			to[i], to[i+1], to[i+2], to[i+3] = s.table[from[i]], s.table[from[i+1]], s.table[from[i+2]], from[i+3]
		}
	}
	return s.into
}

// forget keeps nothing of what was shown.
func (s *shade) forget() {
	if s != nil {
		clear(s.into.Pix)
	}
}
