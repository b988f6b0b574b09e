package main

import (
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
)

func TestAForgottenPasscodeIsReplaced(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.registered(p, door)

	before := w.Mails()
	door.insert(h.Card)
	p.takes("forgot")
	p.sees("unlock.warning")
	p.presses("Enter")
	p.answersAsked()
	p.sees("unlock.code")
	p.types(w.Code(h, before))
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestAKnownPasscodeIsChangedAndACardChecked(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.Hires(simcard.Working)

	p.sees("idle")
	door.insert(h.Card)
	p.takes("hange my passcode")
	p.sees("change.old")
	p.types("111222")
	p.reads("change.old", "2")
	p.types(h.Passcode)
	p.sees("change.new")
	p.types(h.Next)
	p.sees("change.repeat")
	p.types(h.Next)
	p.sees("change.done")
	p.leaves(door)
	mustTake(t, h, h.Next)

	door.insert(h.Card)
	p.takes("Check my card")
	p.reads("card.details", "3 passcode tries left")
	p.presses("Enter")
	p.sees("card.menu")
	p.leaves(door)
}

func TestRegisteringAgainWithAnotherAddressProvesBoth(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.registered(p, door)
	address := "a.testperson@wales.nhs.uk"

	before := w.Mails()
	door.insert(h.Card)
	p.takes("hange my registration")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.Passcode)
	p.choosesQuestions()
	p.chooses(p.sees("register.email"), "another address")
	p.sees("register.email-edit")
	p.types(address)
	p.reads("register.email", "both addresses")
	p.presses("Enter")
	p.sees("register.code")
	if early := w.codes(address, before); len(early) != 0 {
		t.Error("the new address got its code before the old one was proved")
	}
	p.types(w.Code(h, before))
	p.reads("register.code", "second code")
	p.types(w.Code(&hospitaltest.Holder{Email: address}, before))
	p.sees("register.done")
	p.leaves(door)
}

// choosesQuestions answers questions until there are no more to choose.
func (p *person) choosesQuestions() (answers []string) {
	p.t.Helper()
	s, question := p.sees("register.question"), ""
	for s.ID == "register.question" || s.ID == "register.answer" {
		if s.ID == "register.question" {
			question = s.Choices[0].Label
			p.presses(s.Choices[0].Key)
		} else {
			answers = append(answers, answerTo(question))
			p.types(answerTo(question))
		}
		s = p.turns(s)
	}
	return answers
}

func TestPasscodesThatAreNotTaken(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	p.types(p.asks(w, door, h))
	p.sees("unlock.passcode")
	for _, c := range []struct{ passcode, says string }{
		{"123", "too short"}, {"7391046285", "too long"}, {"123456", "easy to guess"},
	} {
		p.types(c.passcode)
		p.reads("unlock.passcode", c.says)
	}
	p.types(h.Next)
	p.sees("unlock.repeat")
	p.types("73910463")
	p.reads("unlock.passcode", "not the same")
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestRegistrationAndUnlockWithoutQuestions(t *testing.T) {
	w := newWorld(t, "questions = false")
	door := w.walls[0]
	p := door.start()
	h := w.Hires(simcard.Working)

	before := w.Mails()
	p.sees("idle")
	door.insert(h.Card)
	p.takes("egist")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.Passcode)
	p.sees("register.email")
	p.presses("Enter")
	p.sees("register.code")
	p.types(w.Code(h, before))
	p.sees("register.done")
	p.leaves(door)

	h.Block(t)
	before = w.Mails()
	p.starts(door, h)
	p.sees("unlock.code")
	p.types(w.Code(h, before))
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}
