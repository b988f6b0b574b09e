package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func troubleStories() []tale {
	return []tale{
		{"offline-blocked-card", func(s *story) {
			s.link(false)
			s.cardIn()
			s.got("the card is read", blocked())
			s.got("the local registry knows the card", journey.LookedUp{Standing: journey.Registered})
			s.press(display.Enter)
			s.link(true)
			s.got("central knows the card", registered())
		}},
		{"offline-menu", func(s *story) {
			s.link(false)
			s.cardIn()
			s.got("the card is read", working())
			s.got("the local registry does not know the card", journey.LookedUp{Standing: journey.Unknown})
			s.press("3")
			s.link(true)
			s.got("central knows the card", registered())
			s.link(false)
			s.press("3", display.Enter, display.Cancel)
		}},
		{"offline-locked-out", func(s *story) {
			s.link(false)
			s.cardIn()
			s.got("the card is read", blocked())
			s.got("the local registry knows the card", journey.LookedUp{Standing: journey.StandsLocked})
		}},
		{"offline-answers-kept", func(s *story) {
			s.toWarning()
			s.press(display.Enter)
			s.answerThree()
			s.got("central does not answer", journey.AnswersTried{Problem: journey.LinkLost})
			s.link(false)
			s.press(display.Enter)
			s.wait(time.Minute)
			s.press(display.Enter)
			s.link(true)
			s.got("the answers are right", journey.AnswersTried{Right: true, AttemptsLeft: 3, Case: codeCase("queued")})
		}},
		{"offline-central-slow", func(s *story) {
			s.toUnlockCode()
			s.enter("204816")
			s.got("central is slow", journey.CodeChecked{Problem: journey.LinkLost})
			s.wait(4 * time.Second)
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
		}},
		{"offline-chosen-answers-kept", func(s *story) {
			s.toQuestions()
			s.skim(s.typeFour)
			s.got("central does not answer", journey.KeysMade{Problem: journey.LinkLost})
			s.link(false)
			s.link(true)
			s.got("keys are made of the answers", journey.KeysMade{})
		}},
		{"offline-registration-kept", func(s *story) {
			s.toEmail()
			s.link(false)
			s.press(display.Enter)
			s.link(true)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
		}},
		{"unlock-link-lost", func(s *story) {
			s.toConfirm()
			s.got("central does not answer", journey.Unlocked{Problem: journey.LinkLost})
			s.link(false)
			s.press(display.Enter)
			s.link(true)
			s.got("the card is unlocked", journey.Unlocked{})
		}},
		{"unlock-failed", unlockFailures},
		{"unlock-needs-a-new-card", func(s *story) {
			s.toConfirm()
			s.got("the PUK is used up", journey.Unlocked{Problem: journey.PUKUsedUp})
		}},
		{"stopped-problems", stoppedProblems},
		{"card-gone-before-the-reader-says-so", func(s *story) {
			s.toConfirm()
			s.got("the card does not answer any more", journey.Unlocked{Problem: journey.CardGone})
			s.cardOut()
			s.wait(20 * time.Second)
		}},
		{"card-gone-and-still-in", func(s *story) {
			s.cardIn()
			s.got("the card does not answer any more", journey.CardRead{Problem: journey.CardGone})
			s.wait(20 * time.Second)
			s.cardOut()
		}},
		{"pulled-while-changing", func(s *story) {
			s.insert(working(), registered())
			s.press("2")
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.enter("402937")
			s.enter("402937")
			s.cardOut()
		}},
		{"pulled-while-a-registration-ends", func(s *story) {
			s.toRegisterCode()
			s.enter("204816")
			s.cardOut()
			s.cardIn()
		}},
	}
}

// unlockFailures tells each way in which an unlock comes to nothing.
func unlockFailures(s *story) {
	s.toConfirm()
	for _, p := range []journey.Problem{journey.Internal, journey.TooMany} {
		s.got("the unlock ends with "+string(p), journey.Unlocked{Problem: p})
		s.press(display.Enter)
	}
	s.cardOut()
	s.toConfirm()
	s.got("another terminal holds the case", journey.Unlocked{Problem: journey.HeldElsewhere})
	s.press(display.Enter)
	s.got("the case is taken over", journey.CaseShown{Case: accepted()})
	s.cardOut()
	for _, p := range []journey.Problem{journey.CardFault, journey.ProofFailed, journey.PUKDoubt, journey.TooSoon} {
		s.toConfirm()
		s.got("the unlock ends with "+string(p), journey.Unlocked{Problem: p})
		s.cardOut()
	}
}

// stoppedProblems tells what central may refuse and no other page says.
func stoppedProblems(s *story) {
	for _, p := range []journey.Problem{
		journey.Internal, journey.TooSoon, journey.TooMany, journey.Overspent, journey.ProofFailed, journey.PUKDoubt, journey.CaseOpen, journey.BadAddress, journey.PasscodeRule,
	} {
		l := registered()
		l.Case, l.SecondsLeft = "c1", 540
		s.insert(blocked(), l)
		s.press(display.Enter)
		s.got("taking the case ends with "+string(p), journey.CaseShown{Problem: p})
		s.press(display.Enter)
		s.cardOut()
	}
}
