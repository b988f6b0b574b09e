// Package layout says where everything on a page goes.
//
// Its words: a [Screen] is a panel's size and density; a [Box] is one thing
// on it, with its rectangle, the style the theme has for it, its text already
// broken into lines and placed, and what touching it does; a [Layout] is all
// boxes of one page. A page that is longer than the panel has parts: the
// first has what matters most, and "More" turns to the next.
//
// Everything here is pure. Nothing looks at what was typed into a field: a
// box says where its characters go, and paint puts them there.
package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// Screen is a panel: its size in pixels and its density.
type Screen struct {
	Width, Height int
	PPMM          float64 // pixels per millimetre: 5.22 for 800x480 on 7 inches
}

// Bounds is all of the screen.
func (s Screen) Bounds() image.Rectangle { return image.Rect(0, 0, s.Width, s.Height) }

// LeastShort and LeastLong are the sides of the least panel that all pages fit,
// in millimetres: 2.8 inches.
const LeastShort, LeastLong = 42.5, 57.0

// Holds reports whether the panel is large enough for all pages, whichever way
// it hangs.
func (s Screen) Holds() bool {
	return float64(min(s.Width, s.Height)) >= LeastShort*s.PPMM && float64(max(s.Width, s.Height)) >= LeastLong*s.PPMM
}

// Target is what touching something does.
type Target = typing.Target

// Layout is a page, placed.
type Layout struct {
	Screen Screen
	Look   display.Look
	Boxes  []Box
	Field  *display.Field // what the Value of a box shows
	Part   int            // which part of the page this is
	Parts  int            // how many there are
	Text   int            // the text size that was possible, in per cent
	Fits   bool           // false if even the least of the page has no room
	Touch  int            // the box under the finger, plus 1; 0 for none
}

// Role says what a box is for.
type Role string

// The roles.
const (
	Band      Role = "band"
	Title     Role = "title"
	Body      Role = "body"
	Error     Role = "error"
	Field     Role = "field"
	Choice    Role = "choice"
	Action    Role = "action"
	Key       Role = "key"
	Menu      Role = "menu" // Settings and Help in the band
	Status    Role = "status"
	Countdown Role = "countdown"
	Symbol    Role = "symbol"
	Picture   Role = "picture"
	Saver     Role = "saver"
)

// Box is one thing on the screen. Boxes do not overlap, but for Menu boxes,
// which lie on the band.
type Box struct {
	Role   Role
	Rect   image.Rectangle
	Style  theme.Style
	Target Target
	Marks  []Mark
	Lines  []Line
	Value  *Value
}

// Line is a line of text, placed.
type Line struct {
	Text   string
	X, Y   int // the pen on the base line
	Px     int // size
	Weight theme.Weight
	Ink    theme.Style // whose ink it has
}

// Bounds is the room the line takes, from the height of its letters to their
// depth.
func (l Line) Bounds() image.Rectangle {
	f := l.Weight.Font()
	return image.Rect(l.X, l.Y-f.CapHeight(l.Px), l.X+f.Width(l.Text, l.Px), l.Y+f.Descent(l.Px))
}

// Mark is a shape on a box: a keycap, or a symbol.
type Mark struct {
	Rect   image.Rectangle
	Style  theme.Style
	Symbol theme.Symbol // none: the plain shape of the style
}

// Value is where the characters of a field go.
type Value struct {
	Cells  []image.Rectangle // one a character; none: in a row inside Rect
	Rect   image.Rectangle
	Px     int
	Masked bool
}

// Hit finds what touching a point does.
func (l Layout) Hit(x, y int) (Target, bool) {
	if i := l.At(x, y); i >= 0 {
		return l.Boxes[i].Target, true
	}
	return Target{}, false
}

// At is the number of the box to touch at a point, or -1.
func (l Layout) At(x, y int) int {
	for i, b := range l.Boxes {
		if b.Target.Does != typing.Nothing && (image.Point{x, y}).In(b.Rect) {
			return i
		}
	}
	return -1
}

// Next is the target that turns to the next part of a page, or back to the
// first.
func (l Layout) Next() Target {
	return Target{Does: typing.Turns, Part: (l.Part + 1) % max(1, l.Parts)}
}
