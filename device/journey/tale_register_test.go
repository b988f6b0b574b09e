package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func registerStories() []tale {
	return []tale{
		{"register", func(s *story) {
			s.whole = true
			s.toRegisterCode()
			s.enter("204816")
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
			s.press(display.Enter)
			s.cardOut()
		}},
		{"register-again-new-address", func(s *story) {
			s.whole = true
			s.insert(working(), registered())
			s.press("1", display.Enter)
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.got("central begins a registration", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.answerFour()
			s.press("1")
			s.enter("a.jones@wales.nhs.uk")
			s.press(display.Enter)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
			s.enter("204816")
			s.got("the first code is right", journey.CodeChecked{Verdict: journey.NextOne, Case: newAddressCase()})
			s.enter("593027")
			s.got("the second code is right", journey.CodeChecked{Verdict: journey.Right, Case: newAddressCase()})
		}},
		{"register-at-the-readers-keys", func(s *story) {
			s.insert(atKeys(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, "5", display.Enter, "1", display.Cancel)
			s.got("nobody typed at the reader", journey.Verified{Problem: journey.PadUntyped})
			s.press(display.Enter)
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 2})
			s.press(display.Enter)
			s.got("it is wrong again", journey.Verified{TriesLeft: 1})
			s.press(display.Enter)
			s.got("the passcode is right", journey.Verified{OK: true})
			s.got("central begins a registration", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
		}},
		{"register-readers-keys-that-hang", func(s *story) {
			s.insert(atKeys(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, display.Enter, display.Cancel)
			s.wait(299 * time.Second)
			s.wait(time.Second)
			s.cardOut()
		}},
		{"register-without-the-readers-keys", func(s *story) {
			s.insert(atKeys(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, "1")
			s.enter("831742")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 2})
			s.press(display.Cancel, "1", display.Enter)
			s.cardOut()
			s.insert(atKeys(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, display.Enter)
			s.got("the reader refuses", journey.Verified{Problem: journey.PadUseless})
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.got("central begins a registration", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.press(display.Cancel)
			s.cardOut()
		}},
		{"register-readers-keys-fail", func(s *story) {
			s.insert(atKeys(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, display.Enter)
			s.got("5 digits were typed at the reader", journey.Verified{Problem: journey.PadLength})
			s.press(display.Enter)
			s.got("nobody knows what is wrong with the reader", journey.Verified{Problem: journey.Internal})
			s.enter("831742")
			s.got("nobody knows what is wrong now", journey.Verified{Problem: journey.Internal})
		}},
		{"register-choose-questions", func(s *story) {
			s.toQuestions()
			s.press("0", "0", "0", "0", "0", "3", display.Cancel, "0", "2")
			s.enter("Postman Pat")
			s.press("0", "2")
		}},
		{"register-answers-refused", func(s *story) {
			s.toQuestions()
			s.press("2")
			s.enter("")
			s.enter("?!")
			s.enter("soft toy")
			s.enter("Toy")
			s.press(display.Clear)
		}},
		{"register-answers-refused-for-others", answersRefused},
		{"register-address-refused", func(s *story) {
			s.toEmail()
			s.press("1")
			s.enter("a.jones")
			s.enter("@gmail.com")
			s.press(display.Cancel, "1")
			s.enter("a.jones@wales.nhs.uk")
			s.press("1", display.Cancel, display.Enter)
			s.got("central refuses the address", journey.CaseShown{Problem: journey.BadAddress})
			s.press(display.Cancel, "2")
		}},
		{"register-no-address", func(s *story) {
			s.insert(working(), standing(journey.NotEnrolled))
			s.press("1", display.Enter)
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.got("no address is on file", journey.RegistrationBegun{Problem: journey.NoAddress})
			s.press(display.Enter)
		}},
		{"register-wrong-passcode-to-the-last", func(s *story) {
			s.insert(working(), standing(journey.NotEnrolled))
			s.press("1", display.Enter, display.Enter)
			s.enter("831")
			s.enter("831740")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 2})
			s.enter("831741")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 1})
			s.enter("831743")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 0})
			s.got("central knows the card", standing(journey.NotEnrolled))
		}},
		{"register-ended-too-early", func(s *story) {
			s.toQuestions()
			s.skim(s.typeFour)
			s.got("the registration is gone", journey.KeysMade{Problem: journey.NoCase})
			s.got("central begins another", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.got("keys are made of the answers", journey.KeysMade{})
			s.press(display.Enter)
			s.got("the registration is gone again", journey.CaseShown{Problem: journey.NoCase})
			s.got("central begins a third", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.answerFour()
			s.press(display.Enter)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
		}},
		{"register-stopped", func(s *story) {
			s.toEmail()
			s.press(display.Enter, display.Cancel)
			s.got("the answer comes too late", journey.CaseShown{Case: codeCase("queued")})
			s.cardOut()
		}},
		{"register-code-only", func(s *story) {
			l := standing(journey.NotEnrolled)
			l.CodeOnly = true
			s.insert(working(), l)
			s.press("1", display.Enter)
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.got("central begins a registration", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.press(display.Enter)
			s.got("the registration is gone", journey.CaseShown{Problem: journey.NoCase})
			s.got("central begins another", journey.RegistrationBegun{Address: "a…@nhs.net", Local: "a.jones"})
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
		}},
	}
}

func answersRefused(s *story) {
	s.toQuestions()
	s.press("1")
	s.enter("A. Jones")
	s.enter("日本")
	for range 12 {
		s.press(display.Clear)
	}
	s.enter("Snowdon")
	s.press("1")
	s.enter("SNOWDON!")
}
