package main

import (
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"
	"unlockpoint/reader/simcard"
)

// register goes from a working card to register.done.
func (p *person) register(w *world, h *hospitaltest.Holder) {
	p.t.Helper()
	s := p.sees("card.menu")
	p.chooses(s, "egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.Passcode)
	p.answers(w, h)
	p.sees("register.done")
}

// answers walks through the questions, the address and the code.
func (p *person) answers(w *world, h *hospitaltest.Holder) {
	p.t.Helper()
	question, before := "", w.Mails()
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
	p.types(w.Code(h, before))
}

// answersAsked gives the answers that the person registered, and returns the
// page after them.
func (p *person) answersAsked() text.Page {
	p.t.Helper()
	s := p.sees("unlock.answer")
	for s.ID == "unlock.answer" {
		p.types(answerTo(s.Title))
		s = p.turns(s)
	}
	return s
}

// unlocks goes from a blocked card to unlock.done.
func (p *person) unlocks(w *world, h *hospitaltest.Holder) {
	p.t.Helper()
	before := w.Mails()
	p.sees("card.locked")
	p.presses("Enter")
	p.sees("unlock.warning")
	p.presses("Enter")
	p.answersAsked()
	p.sees("unlock.code")
	p.types(w.Code(h, before))
	p.choosesPasscode(h)
}

func (p *person) choosesPasscode(h *hospitaltest.Holder) {
	p.t.Helper()
	p.sees("unlock.passcode")
	p.types(h.Next)
	p.sees("unlock.repeat")
	p.types(h.Next)
	p.sees("unlock.done")
}

func TestAPersonRegistersAndLaterUnlocksTheirCard(t *testing.T) {
	w := newWorld(t, "")
	h := w.Hires(simcard.Working)
	door := w.walls[0]
	p := door.start()

	p.sees("idle")
	door.insert(h.Card)
	p.register(w, h)
	door.pull()
	p.sees("idle")

	h.Block(t)
	door.insert(h.Card)
	p.unlocks(w, h)
	door.pull()
	p.sees("idle")

	if !h.Card.Verify(h.Next) {
		t.Error("the card does not take the new passcode")
	}
}
