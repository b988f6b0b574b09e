package evdevtest

import "unlockpoint/display/evdev"

// Panel is a touch panel of so many contacts, protocol B, counting to 4095.
func Panel(name string, contacts int) *Device {
	return &Device{
		Name: name, Keys: []int{evdev.BtnTouch}, Props: []int{1},
		Abs: map[int]Axis{
			evdev.AbsX: {Max: 4095}, evdev.AbsY: {Max: 4095},
			evdev.AbsMTSlot: {Max: contacts - 1}, evdev.AbsMTTracking: {Max: 65535},
			evdev.AbsMTPositionX: {Max: 4095}, evdev.AbsMTPositionY: {Max: 4095}, evdev.AbsMTToolType: {Max: 2},
		},
	}
}

// Single is a touch panel of one contact, with borders that are not glass.
func Single(name string) *Device {
	return &Device{
		Name: name, Keys: []int{evdev.BtnTouch},
		Abs: map[int]Axis{evdev.AbsX: {Min: 100, Max: 899}, evdev.AbsY: {Min: 200, Max: 679}},
	}
}

// Tablet is the pointer of a virtual machine.
func Tablet() *Device {
	return &Device{
		Name: "QEMU Virtio Tablet", Keys: []int{evdev.BtnLeft, 0x111, 0x112},
		Abs: map[int]Axis{evdev.AbsX: {Max: 32767}, evdev.AbsY: {Max: 32767}},
	}
}

// Mouse is a mouse, as far as it is asked: a button.
func Mouse() *Device { return &Device{Name: "Some Mouse", Keys: []int{evdev.BtnLeft}} }

// Keyboard is one of 102 keys.
func Keyboard(name string) *Device {
	d := &Device{Name: name}
	for code := 1; code <= 127; code++ {
		d.Keys = append(d.Keys, code)
	}
	return d
}

// Pad is a keypad that says it is nothing more.
func Pad(name string) *Device {
	return &Device{Name: name, Keys: []int{
		14, evdev.KeyKPAsterisk, 69, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, evdev.KeyKPEnter, evdev.KeyKPSlash,
	}}
}

// PowerButton is of no use.
func PowerButton() *Device { return &Device{Name: "Power Button", Keys: []int{116}} }

// Jack is the socket of a headset.
func Jack(name string) *Device { return &Device{Name: name, Sw: []int{evdev.SwHeadphoneInsert, 0x04}} }

// Switch is a switch that is thrown (1) or back (0).
func Switch(code int, value int32) evdev.Event {
	return evdev.Event{Type: evdev.EvSw, Code: uint16(code), Value: value}
}

// Key is a key going down (1), up (0), or repeating (2).
func Key(code int, value int32) evdev.Event {
	return evdev.Event{Type: evdev.EvKey, Code: uint16(code), Value: value}
}

// Move is an absolute axis that changes.
func Move(axis int, value int32) evdev.Event {
	return evdev.Event{Type: evdev.EvAbs, Code: uint16(axis), Value: value}
}

// Contact is one slot of a touch panel: an id below 0 is no contact.
func Contact(slot, id, x, y int) []evdev.Event {
	events := []evdev.Event{Move(evdev.AbsMTSlot, int32(slot)), Move(evdev.AbsMTTracking, int32(id))}
	if id < 0 {
		return events
	}
	return append(events, Move(evdev.AbsMTPositionX, int32(x)), Move(evdev.AbsMTPositionY, int32(y)))
}
