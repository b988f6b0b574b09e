// Package typing works out what the next key or touch on a page means.
//
// Its words: a [Layer] is the set of characters in reach (small letters,
// capitals, digits, symbols); a group is the letters of one key of the pad,
// opened on panels too narrow for a whole keyboard; a [Target] is what
// touching something does. A [State] is how far a person has got; it holds
// nothing that was typed, but for the last key of a multi-tap.
//
// Everything here is pure: time comes in as data, and what the person did
// goes out as [display.Input] values. Nothing here edits a field.
package typing

import (
	"time"

	"unlockpoint/display"
)

// multiTap is how long a key waits for its next tap. Phones used 1 to 1.5 s;
// 1.2 s suits people who do it once a year.
const multiTap = 1200 * time.Millisecond

// State is how far a person has got on a page. The zero value is a fresh page.
type State struct {
	Layer Layer
	Group int // the open group, by its key; 0 means none
	Part  int // which part of a page that is longer than the panel
	tap   tap
}

// tap is the last key of a multi-tap.
type tap struct {
	key   string
	count int
	at    time.Duration
}

// Press reads one key of the pad. Now is time since any fixed moment.
func (s State) Press(key string, field *display.Field, now time.Duration) (State, []display.Input) {
	switch {
	case !isDigit(key):
		return s.command(key, field)
	case TakesDigits(field):
		return s.Type(rune(key[0]), field)
	case TakesText(field):
		return s.multiTap(key, field, now)
	}
	return s.still(), []display.Input{{Key: key}}
}

// command reads a key that is not a digit.
func (s State) command(key string, field *display.Field) (State, []display.Input) {
	if key == display.Help && TakesText(field) {
		return s.To(s.Layer.Next()), nil
	}
	return s.still(), []display.Input{{Key: key}}
}

// multiTap reads a digit key as letters: the same key again in time takes
// the place of what it gave before.
func (s State) multiTap(key string, field *display.Field, now time.Duration) (State, []display.Input) {
	chars := Keypad(s.Layer, key)
	again := len(chars) > 1 && s.tap.key == key && now-s.tap.at < multiTap
	count := 0
	if again {
		count = s.tap.count + 1
	}
	s.tap = tap{key, count, now}
	s.Group = 0
	if !again && full(field) {
		return s.still(), nil
	}
	return s, []display.Input{{Rune: rune(chars[count%len(chars)]), Replace: again}}
}

// Type reads a character of a computer keyboard or of the keyboard on the
// panel. Where no field takes it, it may still be the name of a key.
func (s State) Type(r rune, field *display.Field) (State, []display.Input) {
	s = s.still()
	if Accepts(field, r) {
		s.Group = 0
		if full(field) {
			return s, nil
		}
		return s, []display.Input{{Rune: r}}
	}
	if field == nil || !TakesText(field) {
		return s.named(r, field)
	}
	return s, nil
}

// named reads a character as the key it is printed on.
func (s State) named(r rune, field *display.Field) (State, []display.Input) {
	key := string(r)
	if isDigit(key) || key == display.Settings || key == display.Help {
		return s, []display.Input{{Key: key}}
	}
	return s, nil
}

// Touch reads a touch on a target of the panel.
func (s State) Touch(t Target, field *display.Field) (State, []display.Input) {
	switch t.Does {
	case Types:
		return s.Type(t.Rune, field)
	case Presses:
		return s.still(), []display.Input{{Key: t.Key}}
	case Changes:
		return s.To(t.Layer), nil
	case Opens:
		s = s.still()
		s.Group = t.Group
		return s, nil
	case Turns:
		s = s.still()
		s.Part = t.Part
		return s, nil
	}
	return s, nil
}

// To changes the layer.
func (s State) To(l Layer) State {
	s = s.still()
	s.Layer, s.Group = l, 0
	return s
}

// still ends a multi-tap: the next tap is a new character.
func (s State) still() State {
	s.tap = tap{}
	return s
}

// TakesText reports whether the field takes more than digits, so that the pad
// works by multi-tap and a keyboard is shown.
func TakesText(f *display.Field) bool {
	return f != nil && f.Kind != display.ChoiceField && !TakesDigits(f)
}

// TakesDigits reports whether the field takes digits only, so that a number pad
// serves it.
func TakesDigits(f *display.Field) bool {
	return f != nil && f.Kind != display.ChoiceField && (f.Digits || f.Kind == display.CodeField)
}

// Accepts reports whether the field takes the character.
func Accepts(f *display.Field, r rune) bool {
	switch {
	case f == nil || f.Kind == display.ChoiceField || r < ' ' || r > '~':
		return false
	case TakesDigits(f):
		return r >= '0' && r <= '9'
	}
	return true
}

func full(f *display.Field) bool { return f.Max > 0 && f.Count() >= f.Max }

func isDigit(key string) bool { return len(key) == 1 && key[0] >= '0' && key[0] <= '9' }
