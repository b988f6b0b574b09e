// Package evdevtest has input devices that are made of nothing: they keep
// state and answer requests as the kernel's do, and complain of what a program
// must not do with them.
package evdevtest

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"syscall"

	"unlockpoint/display/evdev"
)

// Folder is where devices are plugged in.
type Folder struct {
	mu      sync.Mutex // guards all below
	devices map[evdev.Place]*Device
	plugs   int
	fail    error // what List says, if anything
}

var _ evdev.Folder = (*Folder)(nil)

// Plug puts a device into the lowest free place.
func (f *Folder) Plug(d *Device) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.devices == nil {
		f.devices = map[evdev.Place]*Device{}
	}
	f.plugs++
	for n := 0; ; n++ {
		p := evdev.Place{Path: fmt.Sprint("/dev/input/event", n), Node: uint64(f.plugs)}
		if !f.taken(p.Path) {
			f.devices[p] = d
			return
		}
	}
}

func (f *Folder) taken(path string) bool {
	for p := range f.devices {
		if p.Path == path {
			return true
		}
	}
	return false
}

// Unplug takes a device out; who reads it hears of it at once.
func (f *Folder) Unplug(d *Device) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p, one := range f.devices {
		if one == d {
			delete(f.devices, p)
		}
	}
	d.end(syscall.ENODEV)
}

// Break makes the folder fail, or with nil work again.
func (f *Folder) Break(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

// List implements evdev.Folder.
func (f *Folder) List() ([]evdev.Place, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var places []evdev.Place
	for p := range f.devices {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b evdev.Place) int { return int(a.Node) - int(b.Node) })
	return places, f.fail
}

// Open implements evdev.Folder.
func (f *Folder) Open(p evdev.Place) (evdev.Device, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, ok := f.devices[p]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return d.open()
}

// Axis is an absolute axis.
type Axis struct{ Min, Max, Value int }

// Device is one input device. Its first fields are what it can do.
type Device struct {
	Name  string
	Keys  []int
	Props []int
	Sw    []int // switches, such as that of a jack
	Abs   map[int]Axis

	mu         sync.Mutex // guards all below
	deny       error      // what opening it says, if anything
	busy       bool       // another program has it for itself
	down       map[int]bool
	thrown     map[int]bool  // switches
	contacts   []map[int]int // by slot: axis and value
	stream     chan []byte
	gone       chan struct{}
	cause      error
	grabbed    bool
	opened     int
	complaints []string
}

// mt reports whether a code belongs to a contact, not to the device.
func mt(code int) bool { return code > evdev.AbsMTSlot && code <= 0x3d }

// Complaints are the rules that were broken.
func (d *Device) Complaints() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.complaints
}

// Opened is how often it was opened.
func (d *Device) Opened() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened
}

// Deny makes opening it fail, or with nil succeed.
func (d *Device) Deny(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deny = err
}

// Occupy says whether another program has it for itself.
func (d *Device) Occupy(busy bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy = busy
}

func (d *Device) complain(format string, args ...any) {
	d.complaints = append(d.complaints, d.Name+": "+fmt.Sprintf(format, args...))
}

// open is a new open file of the device.
func (d *Device) open() (evdev.Device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deny != nil {
		return nil, d.deny
	}
	d.opened++
	d.grabbed, d.cause = false, nil
	d.stream, d.gone = make(chan []byte, 256), make(chan struct{})
	return (*handle)(d), nil
}

// end makes every Read fail from now on.
func (d *Device) end(cause error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone != nil && d.cause == nil {
		d.cause = cause
		close(d.gone)
	}
}

// Send is what happens on the device: events as they come, and a report.
func (d *Device) Send(events ...evdev.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write(append(events, evdev.Event{Type: evdev.EvSyn, Code: evdev.SynReport})...)
}

// Overrun is what happens while nobody reads: the device's state changes, and
// all that is heard of it is that events are missing. A report ends the gap.
func (d *Device) Overrun(events ...evdev.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range events {
		d.note(e)
	}
	d.write(evdev.Event{Type: evdev.EvSyn, Code: evdev.SynDropped})
	if len(events) > 0 {
		d.write(events[len(events)-1]) // the rest of a report whose beginning is missing
	}
	d.write(evdev.Event{Type: evdev.EvSyn, Code: evdev.SynReport})
}

// write takes note of events and gives them to the reader.
func (d *Device) write(events ...evdev.Event) {
	var raw []byte
	for _, e := range events {
		d.note(e)
		raw = e.Append(raw, evdev.Native)
	}
	if d.stream != nil {
		d.stream <- raw
	}
}

// note keeps what the kernel keeps.
func (d *Device) note(e evdev.Event) {
	code, value := int(e.Code), int(e.Value)
	switch {
	case e.Type == evdev.EvKey:
		if d.down == nil {
			d.down = map[int]bool{}
		}
		d.down[code] = value != 0
	case e.Type == evdev.EvSw:
		if d.thrown == nil {
			d.thrown = map[int]bool{}
		}
		d.thrown[code] = value != 0
	case e.Type == evdev.EvAbs && mt(code):
		d.contact(d.Abs[evdev.AbsMTSlot].Value)[code] = value
	case e.Type == evdev.EvAbs:
		axis := d.Abs[code]
		axis.Value = value
		d.Abs[code] = axis
	}
}

// contact is what is known of one slot; slots beyond the last are forgotten.
func (d *Device) contact(slot int) map[int]int {
	for len(d.contacts) <= d.Abs[evdev.AbsMTSlot].Max {
		d.contacts = append(d.contacts, map[int]int{evdev.AbsMTTracking: -1})
	}
	if slot < 0 || slot >= len(d.contacts) {
		return map[int]int{}
	}
	return d.contacts[slot]
}

// handle is a device as a program sees it.
type handle Device

// Read implements evdev.Device.
func (h *handle) Read(buf []byte) (int, error) {
	d := (*Device)(h)
	d.mu.Lock()
	if !d.grabbed {
		d.complain("read, though the console reads it as well: nobody has grabbed it")
	}
	stream, gone := d.stream, d.gone
	d.mu.Unlock()
	select {
	case raw := <-stream:
		return copy(buf, raw), nil
	case <-gone:
		d.mu.Lock()
		defer d.mu.Unlock()
		return 0, d.cause
	}
}

// Close implements evdev.Device.
func (h *handle) Close() error {
	(*Device)(h).end(fs.ErrClosed)
	return nil
}

// Grab implements evdev.Device.
func (h *handle) Grab() error {
	d := (*Device)(h)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy || d.grabbed {
		return syscall.EBUSY
	}
	d.grabbed = true
	return nil
}

// Get implements evdev.Device.
func (h *handle) Get(request byte, buf []byte) (int, error) {
	d := (*Device)(h)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause != nil {
		return 0, d.cause
	}
	switch {
	case request == evdev.GetName:
		return copy(buf, d.Name+"\x00"), nil
	case request == evdev.GetProps:
		return bits(buf, d.Props), nil
	case request == evdev.GetKeys:
		return bits(buf, held(d.down)), nil
	case request == evdev.GetSwitch:
		return bits(buf, held(d.thrown)), nil
	case request == evdev.GetBits+evdev.EvSw:
		return bits(buf, d.Sw), nil
	case request == evdev.GetBits+evdev.EvKey:
		return bits(buf, d.Keys), nil
	case request == evdev.GetBits+evdev.EvAbs:
		return bits(buf, d.axes()), nil
	case request == evdev.GetMTSlots:
		return d.slots(buf)
	case request >= evdev.GetAbs:
		return d.axis(int(request-evdev.GetAbs), buf)
	}
	d.complain("there is no request %#x", request)
	return 0, syscall.EINVAL
}

func held(down map[int]bool) []int {
	var held []int
	for code, down := range down {
		if down {
			held = append(held, code)
		}
	}
	return held
}

func (d *Device) axes() []int {
	var axes []int
	for code := range d.Abs {
		axes = append(axes, code)
	}
	return axes
}

func bits(buf []byte, codes []int) int {
	clear(buf)
	for _, code := range codes {
		if code/8 < len(buf) {
			buf[code/8] |= 1 << (code % 8)
		}
	}
	return len(buf)
}

func (d *Device) axis(code int, buf []byte) (int, error) {
	a, ok := d.Abs[code]
	if !ok {
		return 0, syscall.EINVAL
	}
	var raw []byte
	for _, n := range []int{a.Value, a.Min, a.Max, 0, 0, 0} {
		raw = binary.NativeEndian.AppendUint32(raw, uint32(n))
	}
	return copy(buf, raw), nil
}

func (d *Device) slots(buf []byte) (int, error) {
	if _, ok := d.Abs[evdev.AbsMTSlot]; !ok || len(buf) < 4 {
		return 0, syscall.EINVAL
	}
	code := int(binary.NativeEndian.Uint32(buf))
	raw := buf[:4]
	for slot := 0; slot <= d.Abs[evdev.AbsMTSlot].Max; slot++ {
		raw = binary.NativeEndian.AppendUint32(raw, uint32(d.contact(slot)[code]))
	}
	return len(raw), nil
}
