package evdev

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"io"

	"unlockpoint/display/touch"
)

// Device is an open input device.
type Device interface {
	// ReadCloser gives whole events, as the kernel does. Close makes a Read that waits return.
	io.ReadCloser

	// Get makes one of the EVIOCG... requests for as much as buf takes, and
	// says how many bytes came.
	Get(request byte, buf []byte) (int, error)

	// Grab takes the device for this program alone, so that what people type
	// does not reach the console as well.
	Grab() error
}

// bitmap is a set of codes, as the kernel writes them: in longs, which on
// machines of low byte first is the same as in bytes.
type bitmap []byte

func (b bitmap) has(code int) bool {
	return code/8 < len(b) && b[code/8]>>(code%8)&1 != 0
}

// all reports whether every one of the codes is there.
func (b bitmap) all(codes ...int) bool {
	for _, code := range codes {
		if !b.has(code) {
			return false
		}
	}
	return true
}

// traits is what a device says it can do.
type traits struct {
	name                       string
	keys, abs, props, switches bitmap
}

// Room for every code there is: KEY_CNT is 0x300, ABS_CNT 0x40.
const (
	keyBytes = 0x300 / 8
	absBytes = 0x40 / 8
)

func traitsOf(d Device) (traits, error) {
	var t traits
	name := make([]byte, 256)
	n, err := d.Get(GetName, name)
	if err != nil {
		return t, fmt.Errorf("ask for its name: %w", err)
	}
	t.name = string(bytes.TrimRight(name[:min(max(n, 0), len(name))], "\x00"))
	for _, ask := range []struct {
		into    *bitmap
		request byte
		size    int
	}{
		{&t.keys, GetBits + EvKey, keyBytes},
		{&t.abs, GetBits + EvAbs, absBytes},
		{&t.props, GetProps, absBytes},
		{&t.switches, GetBits + EvSw, absBytes},
	} {
		*ask.into = make(bitmap, ask.size)
		if _, err := d.Get(ask.request, *ask.into); err != nil {
			return t, fmt.Errorf("ask what it can do: %w", err)
		}
	}
	return t, nil
}

// way is how a device says where a finger is.
type way int

const (
	noWay  way = iota
	slots      // ABS_MT_..., protocol B of Documentation/input/multi-touch-protocol.rst
	single     // ABS_X, ABS_Y and BTN_TOUCH
	tablet     // ABS_X, ABS_Y and BTN_LEFT: a pointer that is put somewhere
)

// way picks the best the device has. A mouse has none: pages show no pointer.
func (t traits) way() way {
	switch {
	case t.props.has(propPointer) && t.keys.has(BtnTouch):
		return noWay
	case t.abs.all(AbsMTSlot, AbsMTPositionX, AbsMTPositionY, AbsMTTracking):
		return slots
	case t.abs.all(AbsX, AbsY) && t.keys.has(BtnTouch):
		return single
	case t.abs.all(AbsX, AbsY) && t.keys.has(BtnLeft):
		return tablet
	}
	return noWay
}

// types reports whether it has the keys of a pad at least; power buttons and
// remote controls have not.
func (t traits) types() bool {
	for _, digits := range [][]int{row, padRow, phoneRow} {
		if t.keys.all(digits...) {
			return true
		}
	}
	return false
}

// jack reports whether it is the socket of a headset.
func (t traits) jack() bool { return t.switches.has(SwHeadphoneInsert) }

// pad reports whether it has no letters.
func (t traits) pad() bool { return !t.keys.all(KeyA, KeyZ) }

// absInfo is what an axis counts from and to, and where it stands: struct
// input_absinfo, of which resolution, fuzz and flat are of no use here.
type absInfo struct{ value, min, max int }

func absOf(d Device, code int) (absInfo, error) {
	raw := make([]byte, 24)
	if _, err := d.Get(byte(GetAbs+code), raw); err != nil {
		return absInfo{}, fmt.Errorf("ask for axis %#x: %w", code, err)
	}
	word := func(i int) int { return int(int32(binary.NativeEndian.Uint32(raw[4*i:]))) }
	return absInfo{word(0), word(1), word(2)}, nil
}

// rangeOf is the range of two axes.
func rangeOf(d Device, codeX, codeY int) (touch.Range, error) {
	x, err := absOf(d, codeX)
	if err != nil {
		return touch.Range{}, err
	}
	y, err := absOf(d, codeY)
	if err != nil {
		return touch.Range{}, err
	}
	r := touch.Range{Min: image.Pt(x.min, y.min), Max: image.Pt(x.max, y.max)}
	return r, r.Check()
}
