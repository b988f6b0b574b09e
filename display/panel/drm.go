package panel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"golang.org/x/sys/unix"
)

// Requests of Linux (include/uapi/drm/drm_mode.h), whose structures have the
// same form on all machines. Numbers below are offsets in these.
const (
	getResources = 0xc04064a0 // DRM_IOCTL_MODE_GETRESOURCES
	setCRTC      = 0xc06864a2 // DRM_IOCTL_MODE_SETCRTC
	getEncoder   = 0xc01464a6 // DRM_IOCTL_MODE_GETENCODER
	getConnector = 0xc05064a7 // DRM_IOCTL_MODE_GETCONNECTOR
	addPicture   = 0xc01c64ae // DRM_IOCTL_MODE_ADDFB
	setDirty     = 0xc01864b1 // DRM_IOCTL_MODE_DIRTYFB
	createMemory = 0xc02064b2 // DRM_IOCTL_MODE_CREATE_DUMB
	placeMemory  = 0xc01064b3 // DRM_IOCTL_MODE_MAP_DUMB

	modeSize  = 68
	connected = 1
	mostParts = 64 // connectors and CRTCs of a card
	mostModes = 1024
)

// card is a screen of a graphics card, by way of DRM: a picture in memory that
// a CRTC sends through a connector in the mode that its screen likes best.
// The text console has a picture of its own, which shows again once the device
// is closed.
type card struct {
	framebuffer
	connector, crtc, picture uint32
	mode                     []byte
	stride                   int
	dirty                    image.Rectangle // of the screen as it stands, not of the picture as it is turned
	direct                   bool            // what is in memory is seen without a word
}

// NewDRM returns a panel on the first connector of a DRM device that has a
// screen. The device is its alone from then on, and shows it while no other
// program is the device's master.
func NewDRM(name string, device Device, o Options) (*Panel, error) {
	return newDRM(name, device, nil, o)
}

func newDRM(name string, device Device, light *Backlight, o Options) (*Panel, error) {
	c := &card{framebuffer: framebuffer{name: name, device: device, light: light}}
	if err := c.find(); err != nil {
		return nil, fmt.Errorf("find the screen of %s: %w", name, err)
	}
	g, err := c.allocate()
	if err != nil {
		return nil, fmt.Errorf("make a picture for %s: %w", name, err)
	}
	c.format, c.stride = g.format(o), g.stride
	return newPanel(c, c.turn(g, o.quarters()), o.Day, o.Night, o.Log), nil
}

// structure is one of the kernel's.
type structure []byte

func (s structure) at(offset int) uint32     { return binary.NativeEndian.Uint32(s[offset:]) }
func (s structure) put(offset int, v uint32) { binary.NativeEndian.PutUint32(s[offset:], v) }

// find looks for a connector with a screen, and a CRTC for it.
func (c *card) find() error {
	s, crtcs, connectors := make(structure, 64), make(structure, 4*mostParts), make(structure, 4*mostParts)
	s.put(36, mostParts)
	s.put(40, mostParts)
	if err := c.device.Get(getResources, s, map[int][]byte{8: crtcs, 16: connectors}); err != nil {
		return err
	}
	for i := range min(s.at(40), mostParts) {
		c.connector = connectors.at(int(4 * i))
		encoders, err := c.screen()
		if err != nil {
			return err
		}
		for ; len(encoders) > 0; encoders = encoders[4:] {
			if c.crtc, err = c.behind(encoders.at(0), crtcs[:4*min(s.at(36), mostParts)]); err != nil || c.crtc != 0 {
				return err
			}
		}
	}
	return errors.New("none is connected")
}

// screen asks the connector for its encoders, and for the mode that its screen
// likes best: the kernel has that one first. Without a screen there are none.
func (c *card) screen() (encoders structure, err error) {
	s := make(structure, 80) // with no room for modes: the screen is asked
	s.put(48, c.connector)
	if err := c.device.Get(getConnector, s, nil); err != nil {
		return nil, err
	}
	if s.at(60) != connected || s.at(32) == 0 {
		return nil, nil
	}
	s.put(32, min(s.at(32), mostModes))
	s.put(36, 0) // its properties are no matter
	s.put(40, min(s.at(40), mostParts))
	modes, encoders := make(structure, modeSize*s.at(32)), make(structure, 4*s.at(40))
	if err := c.device.Get(getConnector, s, map[int][]byte{0: encoders, 8: modes}); err != nil {
		return nil, err
	}
	c.mode = modes[:modeSize]
	return encoders, nil
}

// behind is the CRTC that an encoder has, or the first that it can have; 0 is
// none.
func (c *card) behind(encoder uint32, crtcs structure) (uint32, error) {
	s := make(structure, 20)
	s.put(0, encoder)
	if err := c.device.Get(getEncoder, s, nil); err != nil {
		return 0, err
	}
	if s.at(8) != 0 {
		return s.at(8), nil
	}
	for i := 0; 4*i < len(crtcs); i++ {
		if s.at(12)>>i&1 != 0 {
			return crtcs.at(4 * i), nil
		}
	}
	return 0, nil
}

// allocate makes a picture of 32 bits a pixel, with its memory.
func (c *card) allocate() (g geometry, err error) {
	width, height := uint32(binary.NativeEndian.Uint16(c.mode[4:])), uint32(binary.NativeEndian.Uint16(c.mode[14:]))
	memory, picture, place := make(structure, 32), make(structure, 28), make(structure, 16)
	memory.put(0, height)
	memory.put(4, width)
	memory.put(8, 32)
	if err := c.device.Get(createMemory, memory, nil); err != nil {
		return g, err
	}
	handle, stride := memory.at(16), memory.at(20)
	for i, v := range []uint32{0, width, height, stride, 32, 24, handle} {
		picture.put(4*i, v)
	}
	if err := c.device.Get(addPicture, picture, nil); err != nil {
		return g, err
	}
	c.picture = picture.at(0)
	place.put(0, handle)
	if err := c.device.Get(placeMemory, place, nil); err != nil {
		return g, err
	}
	g = geometry{width: int(width), height: int(height), stride: int(stride), pixel: 4,
		red: channel{16, 8}, green: channel{8, 8}, blue: channel{0, 8}}
	size := binary.NativeEndian.Uint64(memory[24:])
	if err := g.check(); err != nil {
		return g, err
	}
	if err := g.place(0, 0, int(min(size, 1<<30)), 32); err != nil {
		return g, err
	}
	c.memory, err = c.device.Map(int64(binary.NativeEndian.Uint64(place[8:])), g.size)
	return g, err
}

func (c *card) reset() error { return nil }

func (c *card) wake() error {
	s, connector := make(structure, 104), make(structure, 4)
	connector.put(0, c.connector)
	s.put(8, 1)
	s.put(12, c.crtc)
	s.put(16, c.picture)
	s.put(32, 1)
	copy(s[36:], c.mode)
	if err := c.device.Get(setCRTC, s, map[int][]byte{0: connector}); err != nil {
		return fmt.Errorf("show a picture on %s, which one program may at a time: %w", c.name, err)
	}
	return nil
}

func (c *card) sleep() error {
	s := make(structure, 104) // no picture, no mode
	s.put(12, c.crtc)
	return errors.Join(c.flush(), c.device.Get(setCRTC, s, nil))
}

func (c *card) send(m *image.RGBA, r image.Rectangle) error {
	c.dirty = c.dirty.Union(c.standing(r))
	return c.framebuffer.send(m, r)
}

// standing is where a part of the picture is on the screen as it stands.
func (c *card) standing(r image.Rectangle) image.Rectangle {
	pixel := func(x, y int) image.Rectangle {
		at := c.first + x*c.column + y*c.row
		p := image.Pt(at%c.stride/4, at/c.stride)
		return image.Rectangle{p, p.Add(image.Pt(1, 1))}
	}
	return pixel(r.Min.X, r.Min.Y).Union(pixel(r.Max.X-1, r.Max.Y-1))
}

func (c *card) show() error { return c.flush() }

// flush tells a card that sends its memory on by itself, as those in virtual
// machines and at the end of a bus do, what to send. It may wait until the
// picture is seen: once for all rectangles.
func (c *card) flush() error {
	if c.direct || c.dirty.Empty() {
		return nil
	}
	s, clip := make(structure, 24), make(structure, 8)
	s.put(0, c.picture)
	s.put(12, 1)
	for i, v := range []int{c.dirty.Min.X, c.dirty.Min.Y, c.dirty.Max.X, c.dirty.Max.Y} {
		binary.NativeEndian.PutUint16(clip[2*i:], uint16(v))
	}
	err := c.device.Get(setDirty, s, map[int][]byte{16: clip})
	if errors.Is(err, unix.ENOSYS) {
		c.direct, err = true, nil
	}
	c.dirty = image.Rectangle{}
	return err
}

// close leaves the screen to the text console.
func (c *card) close() error { return errors.Join(c.light.restore(), c.device.Close()) }
