package front

import (
	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// Speaker says pages to people who listen, as far as a page asks for it.
// Nothing of it waits.
type Speaker interface {
	// Show says what is new on the page that is shown now, with the characters
	// that its keys give.
	Show(display.Page, typing.Layer)

	// Hush ends what is being said: the person does something.
	Hush()

	// Again says the page from its beginning.
	Again()
}

// silence is a Speaker that says nothing.
type silence struct{}

func (silence) Show(display.Page, typing.Layer) {}
func (silence) Hush()                           {}
func (silence) Again()                          {}

// does reports whether an event is somebody doing something: a finger that
// moves or leaves went down before.
func does(e display.Event) bool {
	return e.Key != "" || e.Rune != 0 || e.Touch != nil && e.Touch.Phase == display.Down
}

// hears reports whether an event does what the person has heard that it does:
// who listens need not see the page that is covered.
func (s *stage) hears(e display.Event) bool { return s.page.Aloud.On && e.Touch == nil }
