package paneltest

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"sync"
	"syscall"
)

// Card is a graphics card as DRM shows it: connectors 31 and 32, of which the
// second has a screen, each with an encoder, and CRTCs 41 and 42, of which
// both encoders can have the second only. Fields may be set until it is used.
type Card struct {
	Width, Height int  // of the mode that the screen likes best
	Unplugged     bool // there is no screen
	Direct        bool // its memory is seen as it is; else only what it is told of
	Refuse        error

	mu         sync.Mutex
	memory     []byte
	glass      []byte // what has been sent on from memory
	added, on  bool
	closed     bool
	complaints []string
}

const (
	cardStride = 64 // bytes a row has more than it needs
	cardPlace  = 1 << 32
	modeBytes  = 68
)

func (c *Card) stride() int { return 4*c.Width + cardStride }
func (c *Card) size() int   { return c.stride() * c.Height }

func (c *Card) complain(format string, args ...any) {
	c.complaints = append(c.complaints, fmt.Sprintf(format, args...))
}

// Complaints are the broken rules so far.
func (c *Card) Complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.complaints)
}

// fields are the kernel's, four bytes each.
type fields []byte

func (f fields) at(i int) int { return int(binary.NativeEndian.Uint32(f[4*i:])) }
func (f fields) put(i int, values ...int) {
	for n, v := range values {
		binary.NativeEndian.PutUint32(f[4*(i+n):], uint32(v))
	}
}

// Get answers the requests of package panel, each with a structure of the
// size that is part of its number.
func (c *Card) Get(request uint, structure []byte, lists map[int][]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(structure) != int(request>>16&0x3fff) {
		return fmt.Errorf("%d bytes for request %#x", len(structure), request)
	}
	f := fields(structure)
	switch request {
	case 0xc04064a0:
		list(f, 9, lists[8], 41, 42)
		list(f, 10, lists[16], 31, 32)
	case 0xc05064a7:
		return c.connector(f, lists)
	case 0xc01464a6:
		f.put(2, 0, 1<<1)
	case 0xc02064b2:
		if f.at(0) != c.Height || f.at(1) != c.Width || f.at(2) != 32 {
			c.complain("memory for %dx%d pixels of %d bits", f.at(1), f.at(0), f.at(2))
		}
		f.put(4, 51, c.stride(), c.size(), 0)
	case 0xc01c64ae:
		c.added = slices.Equal(structure[4:], words(c.Width, c.Height, c.stride(), 32, 24, 51))
		f.put(0, 61)
	case 0xc01064b3:
		binary.NativeEndian.PutUint64(structure[8:], cardPlace)
	case 0xc06864a2:
		return c.show(f, lists[0])
	case 0xc01864b1:
		return c.send(f, lists[16])
	default:
		return syscall.ENOTTY
	}
	return nil
}

func words(values ...int) []byte {
	f := make(fields, 4*len(values))
	f.put(0, values...)
	return f
}

// list answers with a list if there is room for all of it, and with how many
// there are.
func list(f fields, count int, into fields, values ...int) {
	if f.at(count) >= len(values) {
		into.put(0, values...)
	}
	f.put(count, len(values))
}

func (c *Card) connector(f fields, lists map[int][]byte) error {
	id := f.at(12)
	if id != 31 && id != 32 {
		return syscall.ENOENT
	}
	if id == 31 || c.Unplugged {
		f.put(8, 0)
		f.put(15, 2) // disconnected
		return nil
	}
	if f.at(8) >= 2 {
		copy(lists[8], append(c.mode(), make([]byte, modeBytes)...))
	}
	f.put(8, 2)
	list(f, 10, lists[0], 71)
	f.put(15, 1)
	return nil
}

func (c *Card) mode() []byte {
	m := make([]byte, modeBytes)
	binary.NativeEndian.PutUint16(m[4:], uint16(c.Width))
	binary.NativeEndian.PutUint16(m[14:], uint16(c.Height))
	copy(m[36:], "best")
	return m
}

// show is DRM_IOCTL_MODE_SETCRTC.
func (c *Card) show(f fields, connectors fields) error {
	switch {
	case c.Refuse != nil:
		return c.Refuse
	case f.at(3) != 42:
		return syscall.ENOENT
	case f.at(8) == 0 && f.at(2) == 0 && f.at(4) == 0:
		c.on = false
		return nil
	case f.at(2) != 1 || connectors.at(0) != 32 || f.at(4) != 61 || !c.added || string(f[36:]) != string(c.mode()):
		return syscall.EINVAL
	}
	c.on = true
	copy(c.glass, c.memory)
	return nil
}

// send is DRM_IOCTL_MODE_DIRTYFB.
func (c *Card) send(f fields, clips fields) error {
	if c.Direct {
		return syscall.ENOSYS
	}
	if f.at(0) != 61 || f.at(3) != 1 || len(clips) != 8 {
		return syscall.EINVAL
	}
	at := func(i int) int { return int(binary.NativeEndian.Uint16(clips[2*i:])) }
	r := image.Rect(at(0), at(1), at(2), at(3))
	if r.Empty() || !r.In(image.Rect(0, 0, c.Width, c.Height)) {
		c.complain("%v is told of, of %dx%d", r, c.Width, c.Height)
		return syscall.EINVAL
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(c.glass[y*c.stride()+4*r.Min.X:y*c.stride()+4*r.Max.X], c.memory[y*c.stride():][4*r.Min.X:])
	}
	return nil
}

// Set knows nothing.
func (c *Card) Set(uint, int) error { return syscall.ENOTTY }

// Map gives the memory.
func (c *Card) Map(offset int64, size int) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if offset != cardPlace || size < 1 || size > c.size() {
		return nil, syscall.EINVAL
	}
	c.memory, c.glass = make([]byte, c.size()), make([]byte, c.size())
	return c.memory[:size:size], nil
}

// Close ends it.
func (c *Card) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return syscall.EBADF
	}
	c.closed, c.on = true, false
	return nil
}

// On reports whether the screen shows the card's picture.
func (c *Card) On() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.on
}

// Picture is what the screen shows, not while somebody writes, if it stands
// turned anticlockwise by so many degrees.
func (c *Card) Picture(turned int) *image.RGBA {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := glass{c.Width, c.Height, turned}
	m := image.NewRGBA(g.seen())
	from := c.glass
	if c.Direct {
		from = c.memory
	}
	for i := 0; i < len(m.Pix); i += 4 {
		at := g.at(i/4%m.Rect.Dx(), i/4/m.Rect.Dx())
		n := [4]byte{0, 0, 0, 0}
		if c.on {
			n = [4]byte(from[at.Y*c.stride()+4*at.X:])
		}
		v := binary.NativeEndian.Uint32(n[:])
		copy(m.Pix[i:], []byte{byte(v >> 16), byte(v >> 8), byte(v), 0xff})
	}
	return m
}
