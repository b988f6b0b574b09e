package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// tale is one story, by the name of its golden file.
type tale struct {
	name string
	tell func(*story)
}

func stories() []tale {
	var all []tale
	for _, some := range [][]tale{terminalStories(), cardStories(), registerStories(), unlockStories(), codeStories(), assistStories(), passcodeStories(), troubleStories()} {
		all = append(all, some...)
	}
	return all
}

// What cards and central say in the stories.

func working() journey.CardRead {
	return journey.CardRead{
		Profile: "piv", Rule: journey.Rule{Min: 6, Max: 8, Digits: true}, Tries: 3, PUKTries: 3,
		Certificate: true, NotAfter: time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC), DaysLeft: 460,
	}
}

// atKeys is a card in a reader with keys of its own.
func atKeys() journey.CardRead {
	c := working()
	c.PadVerifies, c.PadChanges = true, true
	return c
}

func blocked() journey.CardRead {
	c := working()
	c.Tries = 0
	return c
}

func registered() journey.LookedUp {
	return journey.LookedUp{Online: true, Standing: journey.Registered, Asked: []int{2, 9, 14}, AttemptsLeft: 3}
}

func standing(s journey.Standing) journey.LookedUp {
	return journey.LookedUp{Online: true, Standing: s, AttemptsLeft: 3}
}

func codeCase(mail string) journey.Case {
	return journey.Case{ID: "c1", Address: "a…@nhs.net", SecondsLeft: 900, TriesLeft: 5, SendsLeft: 2, ResendIn: 60, Mail: mail}
}

func newAddressCase() journey.Case {
	c := codeCase("queued")
	c.Address, c.New = "a…@wales.nhs.uk", true
	return c
}

func accepted() journey.Case {
	c := codeCase("taken")
	c.Accepted = true
	return c
}

// The ways that many stories begin.

func (s *story) insert(c journey.CardRead, l journey.LookedUp) {
	s.skim(func() {
		s.cardIn()
		s.got("the card is read", c)
		s.got("central knows the card", l)
	})
}

func (s *story) toQuestions() {
	s.skim(func() {
		s.insert(working(), standing(journey.NotEnrolled))
		s.press("1", display.Enter)
		s.enter("831742")
		s.got("the passcode is right", journey.Verified{OK: true})
		s.got("central begins a registration", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
	})
}

func (s *story) typeFour() {
	for _, a := range []string{"Snowdon", "Mr Bun", "Bara brith", "Ty Gwyn"} {
		s.press("1")
		s.enter(a)
	}
}

func (s *story) answerFour() {
	s.skim(func() {
		s.typeFour()
		s.got("keys are made of the answers", journey.KeysMade{})
	})
}

func (s *story) toEmail() {
	s.skim(func() {
		s.toQuestions()
		s.answerFour()
	})
}

func (s *story) toRegisterCode() {
	s.skim(func() {
		s.toEmail()
		s.press(display.Enter)
		s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
	})
}

func (s *story) toWarning() {
	s.skim(func() {
		s.insert(blocked(), registered())
		s.press(display.Enter)
	})
}

func (s *story) answerThree() {
	s.skim(func() {
		s.enter("Mr Bun")
		s.enter("Barry Island")
		s.enter("Tenby")
	})
}

func (s *story) toUnlockCode() {
	s.skim(func() {
		s.toWarning()
		s.press(display.Enter)
		s.answerThree()
		s.got("the answers are right", journey.AnswersTried{Right: true, AttemptsLeft: 3, Case: codeCase("queued")})
	})
}

func (s *story) toPasscode() {
	s.skim(func() {
		s.toUnlockCode()
		s.enter("204816")
		s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
	})
}

func (s *story) toConfirm() {
	s.skim(func() {
		s.toPasscode()
		s.enter("402937")
		s.enter("402937")
	})
}
