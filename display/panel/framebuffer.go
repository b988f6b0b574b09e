package panel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math/bits"
)

// Requests of Linux (include/uapi/linux/fb.h and kd.h).
const (
	getVariable = 0x4600 // FBIOGET_VSCREENINFO
	getFixed    = 0x4602 // FBIOGET_FSCREENINFO
	setBlank    = 0x4611 // FBIOBLANK
	setMode     = 0x4b3a // KDSETMODE

	unblank   = 0 // FB_BLANK_UNBLANK
	powerDown = 4 // FB_BLANK_POWERDOWN

	textMode     = 0 // KD_TEXT
	graphicsMode = 1 // KD_GRAPHICS
)

// Device is a device file that a screen in memory needs: the screen itself, or
// the console that would paint over it.
type Device interface {
	// Get asks for a structure, and for lists that it has the addresses of, by
	// the offsets of these.
	Get(request uint, structure []byte, lists map[int][]byte) error
	Set(request uint, value int) error
	Map(offset int64, size int) ([]byte, error) // its memory, until Close
	Close() error
}

// framebuffer is a screen in memory.
type framebuffer struct {
	name    string
	device  Device
	console Device // nil: there is none to keep quiet
	light   *Backlight
	memory  []byte
	format  *format

	// Where the first pixel of a picture goes, and how far it is to the next
	// column and the next row: that is all there is to turning it.
	first, column, row int
}

// NewFramebuffer returns a panel in a framebuffer, which is its alone from
// then on, as is the console; that may be nil. The error says what about the
// framebuffer cannot be used.
func NewFramebuffer(name string, device, console Device, o Options) (*Panel, error) {
	return newFramebuffer(name, device, console, nil, o)
}

func newFramebuffer(name string, device, console Device, light *Backlight, o Options) (*Panel, error) {
	variable, fixed := make([]byte, variableSize), make([]byte, fixedSize)
	if err := device.Get(getVariable, variable, nil); err != nil {
		return nil, fmt.Errorf("%s is not a framebuffer: %w", name, err)
	}
	if err := device.Get(getFixed, fixed, nil); err != nil {
		return nil, fmt.Errorf("%s is not a framebuffer: %w", name, err)
	}
	g, err := parseGeometry(variable, fixed)
	if err != nil {
		return nil, fmt.Errorf("framebuffer %s: %w", name, err)
	}
	memory, err := device.Map(0, g.size)
	if err != nil {
		return nil, fmt.Errorf("map the memory of %s: %w", name, err)
	}
	f := &framebuffer{name: name, device: device, console: console, light: light, memory: memory, format: g.format(o)}
	return newPanel(f, f.turn(g, o.quarters()), o.Day, o.Night, o.Log), nil
}

// turn sets how pictures lie in memory, and says how large they are.
func (f *framebuffer) turn(g geometry, quarters int) image.Point {
	right, low, pixel := (g.width-1)*g.pixel, (g.height-1)*g.stride, g.pixel
	size := image.Pt(g.width, g.height)
	switch quarters {
	case 0:
		f.first, f.column, f.row = 0, pixel, g.stride
	case 1:
		f.first, f.column, f.row = right, g.stride, -pixel
	case 2:
		f.first, f.column, f.row = low+right, -pixel, -g.stride
	case 3:
		f.first, f.column, f.row = low, -g.stride, pixel
	}
	f.first += g.offset
	if quarters%2 == 1 {
		size.X, size.Y = size.Y, size.X
	}
	return size
}

func (f *framebuffer) String() string { return f.name }

// toll is none in memory, but that a window is a call.
func (f *framebuffer) toll() toll { return toll{window: 8, room: 1 << 30} }

// reset takes the screen from the text console.
func (f *framebuffer) reset() error {
	if f.console == nil {
		return nil
	}
	if err := f.console.Set(setMode, graphicsMode); err != nil {
		return fmt.Errorf("keep the text console off %s: %w", f.name, err)
	}
	return nil
}

func (f *framebuffer) wake() error {
	f.blank(unblank)
	return nil
}

func (f *framebuffer) sleep() error {
	f.blank(powerDown)
	return nil
}

// blank is not for every driver: one that refuses is dark by its light alone,
// or not at all.
func (f *framebuffer) blank(level int) { _ = f.device.Set(setBlank, level) }

func (f *framebuffer) show() error  { return nil }
func (f *framebuffer) flush() error { return nil }

func (f *framebuffer) send(m *image.RGBA, r image.Rectangle) error {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at, pixels := f.first+y*f.row+r.Min.X*f.column, row(m, y, r)
		if f.column == f.format.bytes {
			f.format.encode(f.memory[at:], pixels)
			continue
		}
		for ; len(pixels) > 0; pixels = pixels[4:] {
			f.format.put(f.memory[at:], pixels)
			at += f.column
		}
	}
	return nil
}

func (f *framebuffer) dim(percent int) (int, error) { return f.light.set(percent) }

// close gives the screen back to the text console, lit as it was.
func (f *framebuffer) close() error {
	f.blank(unblank)
	errs := []error{f.light.restore()}
	if f.console != nil {
		errs = append(errs, f.console.Set(setMode, textMode), f.console.Close())
	}
	return errors.Join(append(errs, f.device.Close())...)
}

// geometry is what a framebuffer says of itself.
type geometry struct {
	width, height    int
	stride           int // bytes from row to row
	pixel            int // bytes
	offset           int // of the first visible pixel
	size             int // bytes of memory that are visible
	red, green, blue channel
	alpha            channel
}

// The structures fb_var_screeninfo and fb_fix_screeninfo.
const (
	word         = bits.UintSize / 8
	variableSize = 160
	fixedSize    = 80 // 68 where a word has 32 bits
)

// Offsets in them, the second of which has an unsigned long in its middle.
const (
	atType   = 16 + word + 4
	atVisual = atType + 8
	atLine   = (atVisual + 10 + 3) &^ 3
)

const (
	packedPixels = 0 // FB_TYPE_PACKED_PIXELS
	trueColour   = 2 // FB_VISUAL_TRUECOLOR
	directColour = 4 // FB_VISUAL_DIRECTCOLOR
	mostPixels   = 8192
)

// parseGeometry refuses what this driver cannot show; the error says what
// that is.
func parseGeometry(variable, fixed []byte) (geometry, error) {
	if len(variable) < 80 || len(fixed) < atLine+4 {
		return geometry{}, errors.New("it says less of itself than any framebuffer does")
	}
	at := func(b []byte, offset int) int { return int(min(binary.NativeEndian.Uint32(b[offset:]), 1<<30)) }
	field := func(offset int) channel { return channel{at(variable, offset), at(variable, offset+4)} }
	depth := at(variable, 24)
	g := geometry{
		width: at(variable, 0), height: at(variable, 4), stride: at(fixed, atLine), pixel: depth / 8,
		red: field(32), green: field(44), blue: field(56), alpha: field(68),
	}
	switch {
	case at(fixed, atType) != packedPixels || (at(fixed, atVisual) != trueColour && at(fixed, atVisual) != directColour):
		return g, errors.New("its pixels are not colours: set a mode of 16 or 32 bits a pixel")
	case depth != 16 && depth != 32:
		return g, fmt.Errorf("%d bits a pixel: set a mode of 16 or 32", depth)
	}
	if err := g.check(); err != nil {
		return g, err
	}
	return g, g.place(at(variable, 16), at(variable, 20), at(fixed, 16+word), depth)
}

// check refuses sizes that no screen has.
func (g geometry) check() error {
	switch {
	case g.width < 1 || g.height < 1 || g.width > mostPixels || g.height > mostPixels:
		return fmt.Errorf("%dx%d pixels: a panel has 1x1 to %dx%d", g.width, g.height, mostPixels, mostPixels)
	case g.stride < g.width*g.pixel || g.stride > 4*mostPixels*2:
		return fmt.Errorf("%d bytes a row are not those of %d pixels", g.stride, g.width)
	}
	return nil
}

// place finds the visible part of the memory, and holds the colours to their
// pixel.
func (g *geometry) place(x, y, memory, depth int) error {
	if x > mostPixels || y > mostPixels {
		return fmt.Errorf("its picture begins at %d, %d", x, y)
	}
	g.offset = y*g.stride + x*g.pixel
	g.size = g.offset + g.height*g.stride
	if g.size > memory {
		return fmt.Errorf("%d bytes of memory are less than the %d of its picture", memory, g.size)
	}
	for _, c := range []channel{g.red, g.green, g.blue, g.alpha} {
		if c.bits > 8 || c.offset > depth-c.bits {
			return fmt.Errorf("a colour of %d bits at bit %d of %d", c.bits, c.offset, depth)
		}
	}
	return nil
}

// format is that of its pixels, opaque where there is alpha.
func (g geometry) format(o Options) *format {
	red, blue := g.red, g.blue
	if o.SwapColours {
		red, blue = blue, red
	}
	f := newFormat(g.pixel, red, g.green, blue)
	f.lowFirst = true
	opaque := g.alpha.at(255)
	for v := range f.red {
		f.red[v] |= opaque
	}
	return f
}
