package theme

import "math"

// Target is the least size of anything to touch, both ways, in millimetres.
const Target = 9.0

// large is the width of a panel, in millimetres, below which it is read from
// nearer by and type is smaller. A 7 inch panel is 153 mm wide.
const large = 153.0

// Narrow is the width of a panel, in millimetres, below which ten keys of 9 mm
// have no room in a row, and below which the largest text is smaller as well.
const Narrow = 95.0

// Scale turns millimetres into pixels of one panel at one text size.
type Scale struct {
	PPMM float64 // pixels per millimetre
	Near float64 // 1 on a large panel, less on one that is read from nearer by
	Type float64 // the same of type: on all but narrow panels the largest is as large as on a large one
	Text int     // text size in per cent
}

// NewScale is the scale of a panel so many pixels wide.
func NewScale(width int, ppmm float64, text int) Scale {
	wide := float64(width) / ppmm
	near := max(0.72, min(1, wide/large))
	s := Scale{PPMM: ppmm, Near: near, Type: near, Text: text}
	if wide >= Narrow {
		s.Type += (1 - near) * float64(max(0, text-100)) / 70
	}
	return s
}

// MM is so many millimetres in pixels, at least one for more than nothing.
func (s Scale) MM(mm float64) int {
	if mm <= 0 {
		return 0
	}
	return max(1, int(math.Round(mm*s.PPMM)))
}

// Target is the least size of anything to touch, in pixels.
func (s Scale) Target() int { return int(math.Ceil(Target * s.PPMM)) }

// Space is a point of the NHS spacing scale (nhsuk-spacing 0 to 9: 0, 4, 8,
// 16 .. 64 px) as pixels of this panel: a CSS pixel is taken as 0.19 mm, so
// that 8 px is the 1.5 mm it looks like on a laptop.
func (s Scale) Space(point int) int {
	css := [...]float64{0, 4, 8, 16, 24, 32, 40, 48, 56, 64}[point]
	return s.MM(css * 0.19 * s.Near)
}

// Type is a size of type.
type Type int

// The sizes of type. Large ones grow less when text is asked for larger.
const (
	Small  Type = iota // status, keycaps
	Label              // Settings and Help
	Body               // everything people read
	Button             // what buttons say
	Title              // the title of a page
	Hero               // the title of a page with a picture
	Digits             // what is typed, and the keys of the pad
)

// sizes are millimetres of em square on a large panel: 4.2 mm is nhsuk body
// text (19 px of 96 to the inch, 5 mm) read from 45 instead of 55 cm.
var sizes = [...]struct{ mm, grows float64 }{
	Small:  {3.2, 0.45},
	Label:  {3.0, 1.09},
	Body:   {4.2, 1.09},
	Button: {4.2, 1.09},
	Title:  {6.4, 0.62},
	Hero:   {8.4, 0.35},
	Digits: {5.2, 0.61},
}

// Px is a size of type in pixels.
func (s Scale) Px(t Type) int {
	size := sizes[t]
	grown := 1 + float64(s.Text-100)/100*size.grows
	near := s.Type
	if t == Label {
		near = s.Near // the title beside it needs the room more
	}
	return int(math.Round(size.mm * near * grown * s.PPMM))
}

// Leading is the distance from line to line of type so many pixels large:
// tighter for large type, as in nhsuk-typography-scale.
func (s Scale) Leading(px int) int {
	if px > s.Px(Body) {
		return (px*120 + 50) / 100
	}
	return (px*135 + 50) / 100
}
