package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func passcodeStories() []tale {
	return []tale{
		{"passcode-refused-at-unlock", func(s *story) {
			s.toPasscode()
			s.enter("")
			s.enter("40293")
			s.enter("402937461")
			s.enter("111111")
			s.enter("345678")
			s.enter("987654")
			s.enter("890123")
			s.enter("402937")
			s.enter("402938")
			s.enter("402937")
			s.enter("402937")
			s.got("the card refuses it", journey.Unlocked{Problem: journey.PasscodeRule})
		}},
		{"passcode-of-any-characters", func(s *story) {
			c := blocked()
			c.Rule = journey.Rule{Min: 4, Max: 8}
			l := registered()
			l.Case, l.SecondsLeft = "c1", 540
			s.insert(c, l)
			s.press(display.Enter)
			s.got("the case is taken over", journey.CaseShown{Case: accepted()})
			s.enter("204816")
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
			s.enter("abcd")
			s.enter("#w*3 Y")
		}},
		{"change", func(s *story) {
			s.whole = true
			s.insert(working(), registered())
			s.press("2")
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.enter("402937")
			s.enter("402937")
			s.got("the passcode is changed", journey.PasscodeChanged{OK: true})
			s.press(display.Enter)
			s.cardOut()
		}},
		{"change-refused", func(s *story) {
			s.insert(working(), registered())
			s.press("2", display.Cancel, "2")
			s.enter("831740")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 1})
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.enter("831742")
			s.enter("402937")
			s.enter("402938")
			s.enter("402937")
			s.enter("402937")
			s.got("the card refuses it", journey.PasscodeChanged{Problem: journey.PasscodeRule})
			s.enter("592036")
			s.enter("592036")
			s.got("the card asks for the old one again", journey.PasscodeChanged{TriesLeft: 2})
			s.press(display.Cancel)
		}},
		{"change-at-the-readers-keys", func(s *story) {
			s.insert(atKeys(), registered())
			s.press("2", display.Enter, "5", display.Cancel)
			s.got("nobody typed at the reader", journey.PasscodeChanged{Problem: journey.PadUntyped})
			s.press(display.Enter)
			s.got("the new one was not the same again", journey.PasscodeChanged{Problem: journey.PadDiffer})
			s.press(display.Enter)
			s.got("the new one was too long", journey.PasscodeChanged{Problem: journey.PadLength})
			s.press(display.Enter)
			s.got("the card refuses it", journey.PasscodeChanged{Problem: journey.PasscodeRule})
			s.press(display.Enter)
			s.got("the old one is wrong", journey.PasscodeChanged{TriesLeft: 2})
			s.press(display.Enter)
			s.got("the passcode is changed", journey.PasscodeChanged{OK: true})
		}},
		{"change-at-keys-that-hang", func(s *story) {
			s.insert(atKeys(), registered())
			s.press("2", display.Enter)
			s.wait(899 * time.Second)
			s.wait(time.Second)
			s.cardOut()
		}},
		{"change-without-the-readers-keys", func(s *story) {
			s.insert(atKeys(), registered())
			s.press("2", "1")
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.cardOut()
			s.insert(atKeys(), registered())
			s.press("2", display.Enter)
			s.got("the reader refuses", journey.PasscodeChanged{Problem: journey.PadUseless})
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
		}},
		{"change-last-try-wrong", func(s *story) {
			c := working()
			c.Tries = 1
			s.insert(c, registered())
			s.press("2")
			s.enter("831740")
			s.got("the passcode is wrong", journey.Verified{TriesLeft: 0})
			s.got("central knows the card", registered())
		}},
		{"passcode-answered-by-nonsense", func(s *story) {
			s.insert(working(), registered())
			s.press("1", display.Enter)
			s.enter("831742")
			s.got("the card's answer makes no sense", journey.Verified{Problem: journey.Internal})
			s.press(display.Enter)
			s.cardOut()
			s.insert(working(), registered())
			s.press("2")
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.enter("402937")
			s.enter("402937")
			s.got("the card's answer makes no sense", journey.PasscodeChanged{Problem: journey.Internal})
			s.press(display.Enter)
		}},
		{"change-without-the-link", func(s *story) {
			s.link(false)
			s.cardIn()
			s.got("the card is read", working())
			s.got("the local registry knows the card", journey.LookedUp{Standing: journey.Registered})
			s.press("4", display.Enter, "2")
			s.enter("831742")
			s.got("the passcode is right", journey.Verified{OK: true})
			s.enter("402937")
			s.enter("402937")
			s.got("the passcode is changed", journey.PasscodeChanged{OK: true})
		}},
	}
}
