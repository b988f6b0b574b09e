package layout

import (
	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// Of places a page on a screen. State says which layer of the keyboard, which
// group of letters and which part of the page is in sight.
func Of(page display.Page, s Screen, state typing.State) Layout {
	return Layout{Screen: s, Look: page.Look, Field: page.Field, Parts: 1, Fits: true}
}
