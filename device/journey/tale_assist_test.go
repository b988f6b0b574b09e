package journey_test

import (
	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// assisted is the case that a code of the IT booth opens.
func assisted() journey.Case {
	return journey.Case{ID: "c2", SecondsLeft: 900, TriesLeft: 5, Accepted: true, Assist: true}
}

// toAssisted goes as far as the new passcode, with nothing but the IT booth's
// code.
func (s *story) toAssisted() {
	s.insert(blocked(), standing(journey.StandsLocked))
	s.press("1")
	s.enter("20481637")
	s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: assisted()})
	s.enter("402937")
	s.enter("402937")
}

func assistStories() []tale {
	return []tale{
		{"assist", func(s *story) {
			s.toAssisted()
			s.got("the card is unlocked", journey.Unlocked{})
			s.cardOut()
		}},
		{"assist-not-registered", func(s *story) {
			s.insert(working(), standing(journey.NotEnrolled))
			s.press("3", "1")
			s.typing("2048")
			s.press(display.Enter)
			s.enter("1637")
			s.got("the card cannot prove itself", journey.CodeChecked{Problem: journey.ProofFailed})
			s.press(display.Enter)
		}},
		{"assist-wrong-to-used-up", func(s *story) {
			s.insert(blocked(), standing(journey.NotEnrolled))
			s.press("1")
			s.enter("20481637")
			s.got("the code is wrong", journey.CodeChecked{Verdict: journey.Wrong})
			s.enter("20481638")
			s.got("the tries are used up", journey.CodeChecked{Verdict: journey.UsedUp})
			s.enter("20481637")
			s.got("it was used already", journey.CodeChecked{Problem: journey.NoCase})
			s.press(display.Cancel)
		}},
		{"assist-instead-of-answers", func(s *story) {
			s.toWarning()
			s.press("1")
			s.enter("20481637")
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: assisted()})
			s.cardOut()
		}},
		{"assist-instead-of-mail", func(s *story) {
			s.toUnlockCode()
			s.press(display.Enter, "2")
			s.link(false)
			s.enter("20481637")
			s.link(true)
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: assisted()})
		}},
		{"assist-resume", func(s *story) {
			l := standing(journey.StandsLocked)
			l.Case, l.Accepted, l.SecondsLeft = "c2", true, 540
			s.insert(blocked(), l)
			s.press(display.Enter)
			s.got("its code is the IT booth's", journey.CaseShown{Case: assisted()})
			s.enter("20481637")
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: assisted()})
		}},
		{"assist-time-over", func(s *story) {
			s.toAssisted()
			s.got("the time is over", journey.Unlocked{Problem: journey.NoCase})
			s.press(display.Enter)
		}},
		{"assist-frozen", func(s *story) {
			s.insert(blocked(), standing(journey.StandsFrozen))
			s.press("1")
			s.enter("20481637")
			s.got("the card is frozen all the same", journey.CodeChecked{Problem: journey.FrozenCard})
		}},
	}
}
