package main

import (
	"testing"
)

func TestACodeIsTypedAtAnotherTerminal(t *testing.T) {
	w := newWorld(t, "")
	door, hall := w.walls[0], w.walls[1]
	here, there := door.start(), hall.start()
	h := w.blocked(here, door)

	before := w.Mails()
	here.starts(door, h)
	here.answersAsked()
	here.sees("unlock.code")
	door.pull()
	here.sees("removed-early")

	code := w.Code(h, before)
	hall.insert(h.Card)
	there.reads("card.locked", "not be asked your questions again")
	there.presses("Enter")
	there.sees("unlock.code")
	there.types(code)
	there.choosesPasscode(h)
	there.leaves(hall)
	mustTake(t, h, h.Next)

	if got := len(w.codes(h.Email, before)); got != 1 {
		t.Errorf("%d codes were mailed for one case", got)
	}
}

// The card proves itself, so that a terminal which lost its power holds
// nobody up.
func TestACaseIsTakenFromATerminalWithoutPower(t *testing.T) {
	w := newWorld(t, "")
	door, hall := w.walls[0], w.walls[1]
	here, there := door.start(), hall.start()
	h := w.blocked(here, door)

	code := here.asks(w, door, h)
	door.terminal.Kill()
	door.pull()

	hall.insert(h.Card)
	there.sees("card.locked")
	there.presses("Enter")
	there.sees("unlock.code")
	there.types(code)
	there.choosesPasscode(h)
	there.leaves(hall)
	mustTake(t, h, h.Next)
}
