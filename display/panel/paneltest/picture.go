package paneltest

import (
	"image"
	"slices"
)

// Bits of MADCTL.
const (
	fromBelow = 0x80
	fromRight = 0x40
	exchanged = 0x20
	otherRGB  = 0x08
)

// size is the memory as the host sees it.
func (m *Model) size() image.Point {
	if m.madctl&exchanged != 0 {
		return image.Pt(m.module.Height, m.module.Width)
	}
	return image.Pt(m.module.Width, m.module.Height)
}

// bytes is how many make a pixel.
func (m *Model) bytes() int {
	if m.colmod == 0x55 {
		return 2
	}
	return 3
}

// pixels takes bytes of pixels, the first of which may have begun earlier.
func (m *Model) pixels(data []byte) {
	n := m.bytes()
	for len(m.parameters) > 0 && len(data) > 0 {
		m.parameters, data = append(m.parameters, data[0]), data[1:]
		if len(m.parameters) == n {
			m.pixel(colour(m.parameters))
			m.parameters = m.parameters[:0]
		}
	}
	for ; len(data) >= n; data = data[n:] {
		m.pixel(colour(data[:n]))
	}
	m.parameters = append(m.parameters, data...)
}

// colour reads a pixel's bytes as 0xRRGGBB: the lower bits a panel has not got
// are what its full range needs.
func colour(p []byte) uint32 {
	if len(p) == 3 {
		return six(p[0]>>2)<<16 | six(p[1]>>2)<<8 | six(p[2]>>2)
	}
	return five(p[0]>>3)<<16 | six(p[0]&7<<3|p[1]>>5)<<8 | five(p[1]&0x1f)
}

func five(v byte) uint32 { return uint32(v<<3 | v>>2) }
func six(v byte) uint32  { return uint32(v<<2 | v>>4) }

// pixel puts one where the window's counters are, and moves them on.
func (m *Model) pixel(c uint32) {
	if m.full {
		m.complain("more pixels than fit into the window")
	}
	at := m.physical(m.x, m.y)
	m.memory[at.Y*m.module.Width+at.X] = c
	if m.x++; m.x <= m.columns[1] {
		return
	}
	m.x = m.columns[0]
	if m.y++; m.y > m.rows[1] {
		m.y, m.full = m.rows[0], true
	}
}

// physical is where in the memory the host's column and row are.
func (m *Model) physical(column, row int) image.Point {
	at := image.Pt(column, row)
	if m.madctl&exchanged != 0 {
		at = image.Pt(row, column)
	}
	if m.madctl&fromRight != 0 {
		at.X = m.module.Width - 1 - at.X
	}
	if m.madctl&fromBelow != 0 {
		at.Y = m.module.Height - 1 - at.Y
	}
	return at
}

// Picture is what a person sees on a panel that is mounted so that the glass
// stands turned anticlockwise by so many degrees: then pictures that are
// turned clockwise stand upright. Without light all is black; asleep or off,
// it is the white or black of the glass itself.
func (m *Model) Picture(turned int) *image.RGBA {
	m.mu.Lock()
	defer m.mu.Unlock()
	g := glass{m.module.Width, m.module.Height, turned}
	seen, eye := image.NewRGBA(g.seen()), m.eye()
	first := m.address(g.at(0, 0))
	right, down := m.address(g.at(1, 0))-first, m.address(g.at(0, 1))-first
	for y := range seen.Rect.Dy() {
		at := first + y*down
		for row := seen.Pix[y*seen.Stride:][:seen.Stride]; len(row) > 0; row = row[4:] {
			eye.see((*[4]byte)(row), m.memory[at])
			at += right
		}
	}
	return seen
}

// glass is one that stands turned anticlockwise by so many degrees.
type glass struct{ width, height, turned int }

// seen is its size for who stands in front of it.
func (g glass) seen() image.Rectangle {
	if g.turned%180 != 0 {
		return image.Rect(0, 0, g.height, g.width)
	}
	return image.Rect(0, 0, g.width, g.height)
}

// at is where on the upright glass a place of the turned one is.
func (g glass) at(x, y int) image.Point {
	right, low := g.width-1, g.height-1
	switch g.turned {
	case 90:
		return image.Pt(right-y, x)
	case 180:
		return image.Pt(right-x, low-y)
	case 270:
		return image.Pt(y, low-x)
	}
	return image.Pt(x, y)
}

// address is the memory behind a place of the glass.
func (m *Model) address(at image.Point) int {
	if m.module.MirrorX {
		at.X = m.module.Width - 1 - at.X
	}
	if m.module.MirrorY {
		at.Y = m.module.Height - 1 - at.Y
	}
	return at.Y*m.module.Width + at.X
}

// eye is what lies between the memory and the eye.
type eye struct {
	lit, blank, negative, swapped bool
}

func (m *Model) eye() eye {
	return eye{
		lit: m.brightness > 0, blank: m.off || m.asleep,
		negative: m.inverted != m.module.Inverted, swapped: m.module.BGR != (m.madctl&otherRGB != 0),
	}
}

func (e eye) see(pixel *[4]byte, c uint32) {
	if e.blank {
		c = 0xffffff
	}
	if e.negative {
		c ^= 0xffffff
	}
	if e.swapped {
		c = c>>16 | c&0xff00 | c<<16
	}
	if !e.lit {
		c = 0
	}
	*pixel = [4]byte{byte(c >> 16), byte(c >> 8), byte(c), 0xff}
}

// Brightness is that of the backlight, in per cent.
func (m *Model) Brightness() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.brightness
}

// Showing reports whether the panel is awake and on.
func (m *Model) Showing() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.asleep && !m.off
}

// Black reports whether nothing is in the controller's memory, lit or not.
func (m *Model) Black() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !slices.ContainsFunc(m.memory, func(c uint32) bool { return c != 0 })
}

// Awake reports whether the last sleep command was a sleep out.
func (m *Model) Awake() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.asleep
}
