package touch

import (
	"image"
	"slices"

	"unlockpoint/display"
)

// most is how many contacts may be a hand that means to touch: the finger,
// and another that rests. More are a palm, or somebody cleaning the glass.
const most = 2

// Fingers follows contacts from one report to the next. Finger 0 is the first
// on an empty glass; whoever joins it has another number until the glass is
// empty. After a palm, or a report that was lost, nothing counts before the
// glass is empty again. The zero value is an empty glass.
type Fingers struct {
	down []finger
	mute bool // until the glass is empty
}

type finger struct {
	id, number int
	at         image.Point
}

// Empty reports whether the glass is empty, as far as is known.
func (f *Fingers) Empty() bool { return len(f.down) == 0 && !f.mute }

// Next says what happened, given all contacts that are on the glass now.
func (f *Fingers) Next(on []Contact, m Map) []display.Event {
	if len(on) > most || slices.ContainsFunc(on, func(c Contact) bool { return c.Palm }) {
		return f.Lose()
	}
	if f.mute {
		f.mute = len(on) > 0
		return nil
	}
	events := f.lift(on)
	for _, c := range on {
		events = append(events, f.place(c.ID, m.At(c.X, c.Y))...)
	}
	return events
}

// Lose gives up every finger: where they are is not known any more, or they
// turned out to be none.
func (f *Fingers) Lose() []display.Event {
	var events []display.Event
	for _, one := range f.down {
		events = append(events, one.event(display.Lost))
	}
	f.down, f.mute = nil, true
	return events
}

// lift ends the fingers that are not on the glass any more, where they were
// seen last.
func (f *Fingers) lift(on []Contact) []display.Event {
	var events []display.Event
	f.down = slices.DeleteFunc(f.down, func(one finger) bool {
		gone := !slices.ContainsFunc(on, func(c Contact) bool { return c.ID == one.id })
		if gone {
			events = append(events, one.event(display.Up))
		}
		return gone
	})
	return events
}

// place moves a finger, or puts down a new one.
func (f *Fingers) place(id int, at image.Point) []display.Event {
	i := slices.IndexFunc(f.down, func(one finger) bool { return one.id == id })
	if i < 0 {
		one := finger{id: id, number: f.free(), at: at}
		f.down = append(f.down, one)
		return []display.Event{one.event(display.Down)}
	}
	if f.down[i].at == at {
		return nil
	}
	f.down[i].at = at
	return []display.Event{f.down[i].event(display.Move)}
}

// free is the number for the next finger.
func (f *Fingers) free() int {
	if len(f.down) == 0 {
		return 0
	}
	number := 1
	for slices.ContainsFunc(f.down, func(one finger) bool { return one.number == number }) {
		number++
	}
	return number
}

func (one finger) event(phase display.Phase) display.Event {
	return display.Event{Touch: &display.Touch{Phase: phase, X: one.at.X, Y: one.at.Y, Finger: one.number}}
}
