package journey

import (
	"errors"

	"unlockpoint/display"
	"unlockpoint/sync/wire"
)

func (t *turn) pressRegisterStart(key string) {
	switch key {
	case display.Enter:
		t.show(RegisterPasscode)
	case display.Cancel:
		t.menu()
	}
}

func (t *turn) pressRegisterPasscode(key string) {
	switch {
	case t.AtPad():
		t.pressAtPad(key, verifying)
	case key == display.Enter:
		t.verify()
	case key == display.Cancel:
		t.menu()
	}
}

// verify lets the card check the passcode it has. What cannot be right costs
// no try.
func (t *turn) verify() {
	if c := t.Card.Rule.known(t.input); c != "" {
		t.complain(t.Page, c)
		return
	}
	t.start(verifying)
}

func (t *turn) verified(v Verified) {
	if !v.OK {
		t.Card.Tries = v.TriesLeft
	}
	switch {
	case !v.OK && v.TriesLeft == 0:
		t.nowBlocked()
	case !v.OK:
		t.complain(t.Page, WrongPasscode)
	case t.Journey == Changing:
		t.old = t.keep()
		t.show(ChangeNew)
	default:
		t.clearField()
		t.start(beginning)
	}
}

// nowBlocked is a card whose last try was wrong: it is looked up again, and
// served as the blocked card that it is.
func (t *turn) nowBlocked() {
	t.wipe()
	t.Journey = NoJourney
	t.show(Reading)
	t.cardRead(t.Card)
}

func (t *turn) registrationBegun(r RegistrationBegun) {
	t.Address, t.local = r.Address, r.Local
	switch {
	case r.Address == "":
		t.show(RegisterNoEmail)
	case len(t.answers) > 0:
		t.start(keying)
	case t.Standing.CodeOnly && t.renewed:
		t.start(enrolling)
	case t.Standing.CodeOnly:
		t.show(RegisterEmail)
	default:
		t.chooseQuestions()
	}
}

// chooseQuestions begins with the first question. In a registration that ended
// too early they are chosen once more: its answers are gone, and keys are good
// for one registration.
func (t *turn) chooseQuestions() {
	t.Number = 0
	t.show(RegisterQuestion)
	if t.renewed {
		t.Complaint, t.renewed = RegisterTooLong, false
	}
}

func (t *turn) pressQuestion(key string) {
	choices := t.Choices()
	switch n := number(key); {
	case key == display.Cancel:
		t.stop()
	case n == 0:
		t.moreChoices()
	case n >= 1 && n <= len(choices):
		t.Question = choices[n-1]
		t.show(RegisterAnswer)
	}
}

func (t *turn) pressRegisterAnswer(key string) {
	switch key {
	case display.Enter:
		t.answerChosen()
	case display.Cancel:
		t.show(RegisterQuestion)
	}
}

func (t *turn) answerChosen() {
	if t.Number >= t.Rules.Choose {
		t.start(keying) // the last time did not get through
		return
	}
	if c := t.checkAnswer(); c != "" {
		t.Complaint = c
		return
	}
	t.answers = withAnswer(t.answers, Answer{Question: t.Question, Text: t.keep()})
	t.Number++
	if t.Number < t.Rules.Choose {
		t.show(RegisterQuestion)
		return
	}
	t.start(keying)
}

func (t *turn) pressEmail(key string) {
	switch key {
	case display.Enter:
		t.start(enrolling)
	case "1":
		t.show(RegisterEmailEdit)
	case "2":
		t.NewAddress = ""
	case display.Cancel:
		t.stop()
	}
}

func (t *turn) pressEmailEdit(key string) {
	switch key {
	case display.Enter:
		t.addressTyped()
	case display.Cancel:
		t.show(RegisterEmail)
	}
}

func (t *turn) addressTyped() {
	address, err := wire.ParseAddress(t.input.Reveal(), t.Rules.Domains)
	switch {
	case errors.Is(err, wire.ErrAddressDomain):
		t.Complaint = AddressDomain
	case err != nil:
		t.Complaint = AddressForm
	default:
		t.NewAddress = address
		t.show(RegisterEmail)
	}
}
