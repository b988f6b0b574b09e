package main

import (
	"testing"

	"unlockpoint/reader/simcard"
)

// register goes from a working card to register.done.
func (p *person) register(w *world, h *holder) {
	p.t.Helper()
	s := p.sees("card.menu")
	p.chooses(s, "egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.passcode)
	p.answers(w, h)
	p.sees("register.done")
}

// answers walks through the questions, the address and the code.
func (p *person) answers(w *world, h *holder) {
	p.t.Helper()
	question, before := "", w.mails()
	s := p.sees("register.question")
	for s.ID != "register.code" {
		old := s
		switch s.ID {
		case "register.question":
			question = s.Choices[0].Label
			p.presses(s.Choices[0].Key)
		case "register.answer":
			p.types(answerTo(question))
		case "register.email":
			p.presses("Enter")
		}
		s = p.turns(old)
	}
	p.types(w.code(h, before))
}

// answersAsked gives the answers that the person registered, and returns the
// page after them.
func (p *person) answersAsked() screen {
	p.t.Helper()
	s := p.sees("unlock.answer")
	for s.ID == "unlock.answer" {
		p.types(answerTo(s.Title))
		s = p.turns(s)
	}
	return s
}

// unlocks goes from a blocked card to unlock.done.
func (p *person) unlocks(w *world, h *holder) {
	p.t.Helper()
	before := w.mails()
	p.sees("card.locked")
	p.presses("Enter")
	p.sees("unlock.warning")
	p.presses("Enter")
	p.answersAsked()
	p.sees("unlock.code")
	p.types(w.code(h, before))
	p.choosesPasscode(h)
}

func (p *person) choosesPasscode(h *holder) {
	p.t.Helper()
	p.sees("unlock.passcode")
	p.types(h.next)
	p.sees("unlock.repeat")
	p.types(h.next)
	p.sees("unlock.done")
}

func block(t testing.TB, h *holder) {
	t.Helper()
	for range 3 {
		if h.card.Verify("000000") {
			t.Fatal("the wrong passcode was right")
		}
	}
}

func TestAPersonRegistersAndLaterUnlocksTheirCard(t *testing.T) {
	w := newWorld(t, "")
	h := w.hires(simcard.Working)
	door := w.walls[0]
	p := door.start()

	p.sees("idle")
	door.insert(h.card)
	p.register(w, h)
	door.pull()
	p.sees("idle")

	block(t, h)
	door.insert(h.card)
	p.unlocks(w, h)
	door.pull()
	p.sees("idle")

	if !h.card.Verify(h.next) {
		t.Error("the card does not take the new passcode")
	}
}
