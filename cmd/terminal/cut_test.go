package main

import (
	"testing"

	"unlockpoint/reader/simcard"
)

// At each page that needs central the link is cut, the person goes on as if
// nothing was wrong, and types nothing a second time when it is back.
func TestTheBrokerIsKilledAtTheCodeAndAtThePasscode(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	code := p.asks(w, door, h)
	w.Mosquitto.Stop()
	p.types(code)
	p.sees("offline")
	w.Mosquitto.Start()

	p.sees("unlock.passcode")
	w.Mosquitto.Stop()
	p.types(h.Next)
	p.sees("unlock.repeat")
	p.types(h.Next)
	p.sees("unlock.failed", "offline")
	w.Mosquitto.Start()
	p.sees("unlock.done")
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestABlockedCardWaitsForCentral(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	w.Mosquitto.Stop()
	door.insert(h.Card)
	p.sees("offline")
	w.Mosquitto.Start()
	p.unlocks(w, h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestCentralIsKilledWhileAPersonTypes(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	before := w.Mails()
	p.starts(door, h)
	p.sees("unlock.answer")
	w.Central.Kill()
	if s := p.answersAsked(); s.ID != "offline" {
		t.Errorf("without central: %+v", s)
	}
	w.StartCentral()
	p.sees("unlock.code")
	code := w.Code(h, before)
	w.Central.Kill()
	p.types(code)
	p.sees("offline")
	w.StartCentral()
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestTheBrokerIsKilledDuringARegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.Hires(simcard.Working)

	before := w.Mails()
	p.sees("idle")
	door.insert(h.Card)
	p.asked(h)
	w.Mosquitto.Stop()
	p.presses("Enter")
	p.sees("offline")
	w.Mosquitto.Start()
	p.sees("register.code")
	code := w.Code(h, before)
	w.Mosquitto.Stop()
	p.types(code)
	p.sees("offline")
	w.Mosquitto.Start()
	p.sees("register.done")
	p.leaves(door)
}
