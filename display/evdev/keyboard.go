package evdev

import (
	"slices"
	"strconv"

	"unlockpoint/display"
)

// commands are the keys of a keyboard that are keys of the pad: the same as
// in the browser.
var commands = map[uint16]string{
	KeyEnter: display.Enter, KeyKPEnter: display.Enter,
	KeyBackspace: display.Clear, KeyDelete: display.Clear,
	KeyEsc: display.Cancel,
}

// padKeys are the keys of a device that is nothing but a pad. A digit there is
// a key, which in a field for text is letters by multi-tap. Pads for computers
// have no #, and often no Esc: the keys beside the digits stand in.
var padKeys = func() map[uint16]string {
	keys := map[uint16]string{
		KeyKPAsterisk: display.Settings, KeyNumericStar: display.Settings,
		KeyKPSlash: display.Help, KeyNumericPound: display.Help,
		KeyKPDot: display.Clear, KeyKPMinus: display.Cancel,
	}
	for _, digits := range [][]int{row, padRow, phoneRow} {
		for i, code := range digits {
			keys[uint16(code)] = strconv.Itoa(i)
		}
	}
	return keys
}()

// keyboard works out what keys mean. A key that is held gives nothing more.
type keyboard struct {
	pad   bool
	faces map[uint16]face
	held  map[uint16]bool // shift, control and the like
	caps  bool
}

func newKeyboard(pad bool, l Layout) *keyboard {
	return &keyboard{pad: pad, faces: l.faces(), held: map[uint16]bool{}}
}

// The values of a key event.
const (
	released = 0
	pressed  = 1 // and 2 is a repeat
)

// key reads one key event.
func (k *keyboard) key(code uint16, value int32) []display.Event {
	if modifies(code) {
		k.held[code] = value != released
		return nil
	}
	if value != pressed {
		return nil
	}
	if code == KeyCapsLock {
		k.caps = !k.caps
		return nil
	}
	return k.press(code)
}

func (k *keyboard) press(code uint16) []display.Event {
	if k.held[KeyLeftCtrl] || k.held[KeyRightCtrl] || k.held[KeyLeftAlt] || k.held[KeyRightAlt] ||
		k.held[KeyLeftMeta] || k.held[KeyRightMeta] {
		return nil // a short cut of something else
	}
	if name, ok := k.name(code); ok {
		return []display.Event{{Key: name}}
	}
	if r := k.char(code); r != 0 {
		return []display.Event{{Rune: r}}
	}
	return nil
}

// name is the key of the pad that a key is.
func (k *keyboard) name(code uint16) (string, bool) {
	if name, ok := commands[code]; ok {
		return name, true
	}
	name, ok := padKeys[code]
	if ok && (k.pad || code >= KeyNumeric0) {
		return name, true
	}
	return "", false
}

// char is the character that a key gives, or 0.
func (k *keyboard) char(code uint16) rune {
	if k.pad {
		return 0
	}
	f := k.faces[code]
	letter := f.plain >= 'a' && f.plain <= 'z'
	shift := k.held[KeyLeftShift] || k.held[KeyRightShift]
	if shift != (letter && k.caps) {
		return f.shift
	}
	return f.plain
}

// know takes over which keys are held, after events were lost.
func (k *keyboard) know(down bitmap) {
	clear(k.held)
	for _, code := range modifiers {
		k.held[uint16(code)] = down.has(code)
	}
}

var modifiers = []int{
	KeyLeftShift, KeyRightShift, KeyLeftCtrl, KeyRightCtrl, KeyLeftAlt, KeyRightAlt, KeyLeftMeta, KeyRightMeta,
}

func modifies(code uint16) bool { return slices.Contains(modifiers, int(code)) }
