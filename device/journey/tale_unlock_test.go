package journey_test

import (
	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func unlockStories() []tale {
	return []tale{
		{"unlock", func(s *story) {
			s.whole = true
			s.toConfirm()
			s.got("the card is unlocked", journey.Unlocked{})
			s.press(display.Enter)
			s.cardOut()
		}},
		{"unlock-forgotten", func(s *story) {
			s.insert(working(), registered())
			s.press("3", display.Cancel, "3", display.Enter)
			s.answerThree()
			s.got("the answers are right", journey.AnswersTried{Right: true, AttemptsLeft: 3, Case: codeCase("taken")})
		}},
		{"unlock-answers-wrong-to-lockout", func(s *story) {
			s.toWarning()
			s.press(display.Enter, display.Enter)
			s.answerThree()
			s.got("not all are right", journey.AnswersTried{AttemptsLeft: 2})
			s.press(display.Enter)
			s.answerThree()
			s.got("not all are right", journey.AnswersTried{AttemptsLeft: 1})
			s.press(display.Enter)
			s.answerThree()
			s.got("not all are right", journey.AnswersTried{AttemptsLeft: 0})
			s.press(display.Enter)
		}},
		{"unlock-last-attempt", func(s *story) {
			l := registered()
			l.AttemptsLeft = 1
			s.insert(blocked(), l)
			s.press(display.Enter)
		}},
		{"unlock-walk-away-and-resume", func(s *story) {
			s.toUnlockCode()
			s.cardOut()
			l := registered()
			l.Case, l.SecondsLeft = "c1", 540
			s.insert(blocked(), l)
			s.press(display.Enter)
			s.got("the case is taken over", journey.CaseShown{Case: codeCase("taken")})
			s.enter("204816")
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
		}},
		{"unlock-resume-after-a-right-code", func(s *story) {
			l := registered()
			l.Case, l.SecondsLeft, l.Accepted = "c1", 540, true
			s.insert(blocked(), l)
			s.press(display.Enter)
			s.got("the case is taken over", journey.CaseShown{Case: accepted()})
		}},
		{"unlock-resume-held-elsewhere", func(s *story) {
			l := registered()
			l.Case, l.SecondsLeft = "c1", 540
			s.insert(blocked(), l)
			s.press(display.Enter)
			s.got("another terminal holds the case", journey.CaseShown{Problem: journey.HeldElsewhere})
			s.press(display.Enter)
			s.got("the case is taken over", journey.CaseShown{Case: codeCase("taken")})
		}},
		{"unlock-case-already-open", func(s *story) {
			s.toWarning()
			s.press(display.Enter)
			s.answerThree()
			s.got("a code is under way already", journey.AnswersTried{Problem: journey.CaseOpen})
			s.got("the case is taken over", journey.CaseShown{Case: codeCase("taken")})
		}},
		{"unlock-cut-short", func(s *story) {
			c, l := blocked(), registered()
			c.Unfinished, l.Case, l.Accepted, l.SecondsLeft = true, "c1", true, 600
			s.insert(c, l)
			s.press(display.Enter)
			s.cardOut()
			c.Tries = 3
			s.insert(c, l)
			s.press("3")
			s.got("the case is taken over", journey.CaseShown{Case: accepted()})
			s.cardOut()
			c.Tries, l.Case, l.Accepted = 0, "", false
			s.insert(c, l)
		}},
		{"unlock-code-only", func(s *story) {
			l := registered()
			l.CodeOnly, l.Asked = true, nil
			s.insert(blocked(), l)
			s.press(display.Enter, display.Enter)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
			s.enter("204816")
			s.got("it has run out", journey.CodeChecked{Verdict: journey.Expired, Case: codeCase("taken")})
			s.press(display.Enter)
			s.got("central knows the card", l)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
		}},
		{"unlock-finished-after-stop", func(s *story) {
			s.toConfirm()
			for range 8 {
				s.wait(15e9)
			}
			s.got("the card is unlocked after all", journey.Unlocked{})
		}},
	}
}
