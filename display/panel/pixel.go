package panel

import (
	"encoding/binary"
	"image"
)

// channel is where a colour is in a pixel: its lowest bit, and how many.
type channel struct{ offset, bits int }

// format is how a screen wants a pixel: each colour at its place in a number
// of so many bytes: two or three for a bus, the highest first; two or four in
// memory, the lowest first.
type format struct {
	red, green, blue [256]uint32
	bytes            int
	lowFirst         bool
}

// newFormat rounds each colour to the nearest it has bits for.
func newFormat(bytes int, red, green, blue channel) *format {
	f := &format{bytes: bytes}
	for v := range uint32(256) {
		f.red[v], f.green[v], f.blue[v] = red.at(v), green.at(v), blue.at(v)
	}
	return f
}

func (c channel) at(v uint32) uint32 {
	most := uint32(1)<<c.bits - 1
	return (v*most + 127) / 255 << c.offset
}

// The formats of the controllers: 565 in two bytes, and 666 in the upper six
// bits of three, as their datasheets draw them under COLMOD.
func format16() *format { return newFormat(2, channel{11, 5}, channel{5, 6}, channel{0, 5}) }
func format18() *format { return newFormat(3, channel{18, 6}, channel{10, 6}, channel{2, 6}) }

// put writes a pixel of four bytes, RGBA, in the screen's form.
func (f *format) put(to, rgba []byte) {
	n := f.red[rgba[0]] | f.green[rgba[1]] | f.blue[rgba[2]]
	switch {
	case f.lowFirst && f.bytes == 2:
		binary.LittleEndian.PutUint16(to, uint16(n))
	case f.lowFirst:
		binary.LittleEndian.PutUint32(to, n)
	case f.bytes == 2:
		binary.BigEndian.PutUint16(to, uint16(n))
	default:
		to[0], to[1], to[2] = byte(n>>16), byte(n>>8), byte(n)
	}
}

// encode writes as many pixels of a row as fit, and says how many those are.
func (f *format) encode(to, rgba []byte) int {
	n := min(len(to)/f.bytes, len(rgba)/4)
	to, rgba = to[:f.bytes*n], rgba[:4*n]
	switch {
	case f.bytes == 2 && !f.lowFirst:
		f.encode16(to, rgba)
	case f.bytes == 4:
		f.encode32(to, rgba)
	default:
		f.each(to, rgba)
	}
	return n
}

func (f *format) each(to, rgba []byte) {
	for ; len(rgba) >= 4; to, rgba = to[f.bytes:], rgba[4:] {
		f.put(to, rgba)
	}
}

// encode32 is encode for memory, of two pixels at a time: most of them are what
// the two before were.
func (f *format) encode32(to, rgba []byte) {
	last, encoded := uint64(0), f.number(0)|f.number(0)<<32
	for ; len(to) >= 8 && len(rgba) >= 8; to, rgba = to[8:], rgba[8:] {
		if two := binary.LittleEndian.Uint64(rgba); two != last {
			last, encoded = two, f.number(two)|f.number(two>>32)<<32
		}
		binary.LittleEndian.PutUint64(to, encoded)
	}
	f.each(to, rgba)
}

// encode16 is encode without a choice for each pixel, and of four at a time:
// while it encodes, the bus stands still.
func (f *format) encode16(to, rgba []byte) {
	for ; len(to) >= 8 && len(rgba) >= 16; to, rgba = to[8:], rgba[16:] {
		one, two := binary.LittleEndian.Uint64(rgba), binary.LittleEndian.Uint64(rgba[8:])
		binary.BigEndian.PutUint64(to, f.number(one)<<48|f.number(one>>32)<<32|f.number(two)<<16|f.number(two>>32))
	}
	f.each(to, rgba)
}

// number is the lowest four bytes, RGBA, in the screen's form.
func (f *format) number(rgba uint64) uint64 {
	return uint64(f.red[uint8(rgba)] | f.green[uint8(rgba>>8)] | f.blue[uint8(rgba>>16)])
}

// row is the pixels of a picture between two columns.
func row(m *image.RGBA, y int, r image.Rectangle) []byte {
	return m.Pix[m.PixOffset(r.Min.X, y):][:4*r.Dx()]
}
