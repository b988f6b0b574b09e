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
	h := w.registered(p, door)
	block(t, h)

	before := w.mails()
	p.starts(door, h)
	p.answersAsked()
	p.sees("unlock.code")
	code := w.code(h, before)
	w.mosquitto.Stop()
	p.types(code)
	p.sees("offline")
	w.mosquitto.Start()

	p.sees("unlock.passcode")
	w.mosquitto.Stop()
	p.types(h.next)
	p.sees("unlock.repeat")
	p.types(h.next)
	p.sees("unlock.failed", "offline")
	w.mosquitto.Start()
	p.sees("unlock.done")
	p.leaves(door)
	mustTake(t, h, h.next)
}

func TestABlockedCardWaitsForCentral(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.registered(p, door)
	block(t, h)

	w.mosquitto.Stop()
	door.insert(h.card)
	p.sees("offline")
	w.mosquitto.Start()
	p.unlocks(w, h)
	p.leaves(door)
	mustTake(t, h, h.next)
}

func TestCentralIsKilledWhileAPersonTypes(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.registered(p, door)
	block(t, h)

	before := w.mails()
	p.starts(door, h)
	p.sees("unlock.answer")
	w.central.kill()
	if s := p.answersAsked(); s.ID != "offline" {
		t.Errorf("without central: %+v", s)
	}
	w.startCentral()
	p.sees("unlock.code")
	code := w.code(h, before)
	w.central.kill()
	p.types(code)
	p.sees("offline")
	w.startCentral()
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.next)
}

func TestTheBrokerIsKilledDuringARegistration(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.hires(simcard.Working)

	before := w.mails()
	p.sees("idle")
	door.insert(h.card)
	p.takes("egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.passcode)
	p.choosesQuestions()
	p.sees("register.email")
	w.mosquitto.Stop()
	p.presses("Enter")
	p.sees("offline")
	w.mosquitto.Start()
	p.sees("register.code")
	code := w.code(h, before)
	w.mosquitto.Stop()
	p.types(code)
	p.sees("offline")
	w.mosquitto.Start()
	p.sees("register.done")
	p.leaves(door)
}
