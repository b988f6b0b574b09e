//go:build qemu

package qemu

import (
	"image"
	"reflect"
	"strings"
	"time"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/text"
	"unlockpoint/display/typing"
)

// hand is how a person does what a target says: by the glass or by keys.
type hand interface {
	does(a *wall, s text.Page, what typing.Target)
}

// finger touches the glass where the target is, if it is there: a page on which
// something is under way has fewer.
type finger struct{}

func (finger) does(a *wall, s text.Page, what typing.Target) {
	a.t.Helper()
	box, ok := hospitaltest.Place(s, glass, what)
	if !ok {
		return
	}
	at := box.Rect.Min.Add(box.Rect.Max).Div(2)
	if err := a.control.touch(at.X, at.Y); err != nil {
		a.t.Fatal(err)
	}
}

// glass is the panel as the terminal's configuration has it.
var glass = layout.Screen{Width: panelWidth, Height: panelHeight, PPMM: 5.22}

// keypad presses the keys of a pad: letters are on its digits.
type keypad struct{}

// padKeys are QEMU's names of what is on the pad.
var padKeys = map[string]string{display.Enter: "kp_enter", display.Clear: "backspace", display.Cancel: "esc"}

func (keypad) does(a *wall, _ text.Page, what typing.Target) {
	a.t.Helper()
	key := what.Key
	if what.Does == typing.Types {
		key = keyOf(what.Rune)
	}
	name, ok := padKeys[key]
	if !ok {
		name = "kp_" + key
	}
	if err := a.control.press(name); err != nil {
		a.t.Fatal(err)
	}
}

// keyOf is the key that a digit is, or that has a letter as its first.
func keyOf(r rune) string {
	for _, key := range strings.Split("123456789", "") {
		if strings.HasPrefix(typing.Keypad(typing.Letters, key), string(r)) {
			return key
		}
	}
	return string(r)
}

// again is after how long a person tries a second time: a finger may have been
// quicker than the page, and then means nothing. What does come is waited for.
const again = 3 * time.Second

// until does something until a page comes that is what the person wants.
func (p *person) until(s text.Page, what typing.Target, is func(text.Page) bool) text.Page {
	p.t.Helper()
	var last time.Time
	return p.awaits(what.String()+" on "+s.ID, func(now text.Page) bool {
		if is(now) {
			return true
		}
		if time.Since(last) > again && now.ID == s.ID {
			p.hand.does(p.wall, now, what)
			last = time.Now()
		}
		return false
	})
}

// person stands in front of the wall and uses one hand only.
type person struct {
	*wall
	hand    hand
	name    string
	answers map[string]string // by question
	picture image.Image       // what was looked at last
}

// sees waits for a page, and looks at it.
func (p *person) sees(id string) text.Page {
	p.t.Helper()
	s := p.wall.sees(id)
	p.looks(id)
	return s
}

// looks waits until the panel shows something new that stands still, and keeps
// the picture: a page is known before it is painted.
func (p *person) looks(name string) {
	p.t.Helper()
	var before image.Image
	stood := 0
	until(p.t, "a picture of "+name, func() bool {
		now := p.photograph(p.t, p.name+"-"+name)
		if stood++; !reflect.DeepEqual(now, before) {
			stood = 0
		}
		before = now
		return stood >= 3 && !reflect.DeepEqual(now, p.picture)
	})
	p.picture = before
}

// presses a key and returns the page after it.
func (p *person) presses(s text.Page, key string) text.Page {
	p.t.Helper()
	return p.until(s, typing.Target{Does: typing.Presses, Key: key}, func(now text.Page) bool {
		return now.ID != "" && (now.ID != s.ID || now.Step != s.Step || now.Title != s.Title || now.Error != s.Error)
	})
}

// chooses the choice with these words.
func (p *person) chooses(s text.Page, words string) {
	p.t.Helper()
	for _, c := range s.Choices {
		if strings.Contains(c.Label, words) {
			p.presses(s, c.Key)
			return
		}
	}
	p.t.Fatalf("no choice %q on %s: %v", words, s.ID, s.Choices)
}

// types fills the field, looking at each character, and sends it.
func (p *person) types(s text.Page, words string) text.Page {
	p.t.Helper()
	for i, r := range words {
		s = p.until(s, typing.Target{Does: typing.Types, Rune: r}, func(now text.Page) bool {
			return now.Field != nil && now.Field.Count == i+1
		})
	}
	p.looks(s.ID + "-typed")
	return p.presses(s, display.Enter)
}
