package paneltest

import (
	"encoding/binary"
	"fmt"
	"image"
	"sync"
	"syscall"
	"unsafe"
)

// Colour is where a colour is in a pixel: its lowest bit, and how many.
type Colour struct{ Offset, Bits uint32 }

// Framebuffer is a device file of Linux's fbdev, and in Console the text
// console that shares its screen. Fields may be set until it is used.
type Framebuffer struct {
	Width, Height    uint32
	Depth            uint32 // bits of a pixel
	Stride           uint32 // bytes of a row
	Left, Top        uint32 // where in its memory the visible part begins
	Visual           uint32 // 2 is true colour
	Red, Green, Blue Colour
	Alpha            Colour
	NoBlank          bool // it refuses to be blanked, as simplefb does

	mu     sync.Mutex
	memory []byte
	blank  int
	closed bool
}

// NewFramebuffer is a framebuffer with so many bits a pixel, 16 or 32, whose
// rows are longer than what is seen of them.
func NewFramebuffer(width, height, depth uint32) *Framebuffer {
	f := &Framebuffer{Width: width, Height: height, Depth: depth, Stride: width*depth/8 + 64, Visual: 2}
	if depth == 16 {
		f.Red, f.Green, f.Blue = Colour{11, 5}, Colour{5, 6}, Colour{0, 5}
	} else {
		f.Red, f.Green, f.Blue, f.Alpha = Colour{16, 8}, Colour{8, 8}, Colour{0, 8}, Colour{24, 8}
	}
	return f
}

// variable is struct fb_var_screeninfo.
type variable struct {
	xres, yres, xresVirtual, yresVirtual, xoffset, yoffset uint32
	bitsPerPixel, grayscale                                uint32
	red, green, blue, transp                               struct{ offset, length, msbRight uint32 }
	rest                                                   [20]uint32
}

// fixed is struct fb_fix_screeninfo.
type fixed struct {
	id                            [16]byte
	smemStart                     uintptr
	smemLen                       uint32
	typ, typeAux, visual          uint32
	xpanstep, ypanstep, ywrapstep uint16
	lineLength                    uint32
	mmioStart                     uintptr
	mmioLen, accel                uint32
	capabilities                  uint16
	reserved                      [2]uint16
}

const margin = 0xa5 // what is in the memory where nothing may be written

func (f *Framebuffer) size() uint32 { return (f.Top+f.Height)*f.Stride + 64 }

// Get answers FBIOGET_VSCREENINFO and FBIOGET_FSCREENINFO.
func (f *Framebuffer) Get(request uint, into []byte, _ map[int][]byte) error {
	switch request {
	case 0x4600:
		v := variable{xres: f.Width, yres: f.Height, xresVirtual: f.Width, yresVirtual: f.Height,
			xoffset: f.Left, yoffset: f.Top, bitsPerPixel: f.Depth}
		v.red.offset, v.red.length = f.Red.Offset, f.Red.Bits
		v.green.offset, v.green.length = f.Green.Offset, f.Green.Bits
		v.blue.offset, v.blue.length = f.Blue.Offset, f.Blue.Bits
		v.transp.offset, v.transp.length = f.Alpha.Offset, f.Alpha.Bits
		return fill(into, unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)))
	case 0x4602:
		x := fixed{smemLen: f.size(), visual: f.Visual, lineLength: f.Stride}
		return fill(into, unsafe.Slice((*byte)(unsafe.Pointer(&x)), unsafe.Sizeof(x)))
	}
	return syscall.ENOTTY
}

// fill fails where Linux would write past the end.
func fill(into, from []byte) error {
	if len(into) < len(from) {
		return fmt.Errorf("%d bytes are overrun by a structure of %d", len(into), len(from))
	}
	copy(into, from)
	return nil
}

// Set takes FBIOBLANK.
func (f *Framebuffer) Set(request uint, value int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if request != 0x4611 || f.NoBlank {
		return syscall.EINVAL
	}
	f.blank = value
	return nil
}

// Map gives the memory.
func (f *Framebuffer) Map(offset int64, size int) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if offset != 0 || size < 1 || size > int(f.size()) {
		return nil, syscall.EINVAL
	}
	f.memory = make([]byte, f.size())
	for i := range f.memory {
		f.memory[i] = margin
	}
	return f.memory[:size:size], nil
}

// Scribble is another program that paints over the upper half of the picture:
// not while somebody writes.
func (f *Framebuffer) Scribble() {
	for y := range f.Height / 2 {
		clear(f.memory[f.at(0, y):f.at(f.Width, y)])
	}
}

// Close ends it.
func (f *Framebuffer) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return syscall.EBADF
	}
	f.closed = true
	return nil
}

// Closed reports whether Close was called.
func (f *Framebuffer) Closed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

// Blank is the level of the last FBIOBLANK: 0 shows, 4 is off.
func (f *Framebuffer) Blank() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.blank
}

// Picture is what the screen shows, not while somebody writes, if it stands
// turned anticlockwise by so many degrees.
func (f *Framebuffer) Picture(turned int) *image.RGBA {
	g := glass{int(f.Width), int(f.Height), turned}
	m := image.NewRGBA(g.seen())
	red, green, blue := f.Red.levels(), f.Green.levels(), f.Blue.levels()
	for i := 0; i < len(m.Pix); i += 4 {
		at := g.at(i/4%m.Rect.Dx(), i/4/m.Rect.Dx())
		n := f.pixel(f.at(uint32(at.X), uint32(at.Y)))
		m.Pix[i] = red[n>>f.Red.Offset&(1<<f.Red.Bits-1)]
		m.Pix[i+1] = green[n>>f.Green.Offset&(1<<f.Green.Bits-1)]
		m.Pix[i+2] = blue[n>>f.Blue.Offset&(1<<f.Blue.Bits-1)]
		m.Pix[i+3] = 0xff
	}
	return m
}

func (f *Framebuffer) at(x, y uint32) uint32 { return (f.Top+y)*f.Stride + (f.Left+x)*f.Depth/8 }

func (f *Framebuffer) pixel(at uint32) uint32 {
	if f.Depth == 16 {
		return uint32(binary.LittleEndian.Uint16(f.memory[at:]))
	}
	return binary.LittleEndian.Uint32(f.memory[at:])
}

// levels are the colours that 4 to 8 bits stand for.
func (c Colour) levels() (to [256]byte) {
	for v := range 1 << c.Bits {
		to[v] = byte(v<<(8-c.Bits) | v>>(2*c.Bits-8))
	}
	return to
}

// Spilt says where something was written beside the picture, which other
// programs may own.
func (f *Framebuffer) Spilt() []int {
	first, last := f.at(0, 0)%f.Stride, f.at(f.Width, 0)%f.Stride
	var spilt []int
	for i, b := range f.memory {
		x, y := uint32(i)%f.Stride, uint32(i)/f.Stride
		inside := y >= f.Top && y < f.Top+f.Height && x >= first && x < last
		if b != margin && !inside {
			spilt = append(spilt, i)
		}
	}
	return spilt
}

// Console is a text console: a device that only knows its mode.
type Console struct {
	mu     sync.Mutex
	mode   int
	closed bool
	Refuse error // what it says to every request; nil: it takes them
}

// Mode is 0 for text and 1 for graphics.
func (c *Console) Mode() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mode
}

// Closed reports whether Close was called.
func (c *Console) Closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Get knows nothing.
func (c *Console) Get(uint, []byte, map[int][]byte) error { return syscall.ENOTTY }

// Map has no memory.
func (c *Console) Map(int64, int) ([]byte, error) { return nil, syscall.ENODEV }

// Set takes KDSETMODE.
func (c *Console) Set(request uint, value int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if request != 0x4b3a || value < 0 || value > 1 {
		return syscall.EINVAL
	}
	if c.Refuse == nil {
		c.mode = value
	}
	return c.Refuse
}

// Close ends it.
func (c *Console) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return nil
}
