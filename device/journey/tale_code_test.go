package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func codeStories() []tale {
	return []tale{
		{"code-wrong-to-used-up", func(s *story) {
			s.toUnlockCode()
			s.enter("123")
			s.enter("456")
			c := codeCase("taken")
			c.TriesLeft = 1
			s.got("the code is wrong", journey.CodeChecked{Verdict: journey.Wrong, Case: c})
			s.enter("123457")
			s.got("the tries are used up", journey.CodeChecked{Verdict: journey.UsedUp, Case: c})
			s.press(display.Enter)
			s.got("central knows the card", registered())
		}},
		{"code-wrong-to-lockout", func(s *story) {
			s.toUnlockCode()
			s.enter("123456")
			s.got("too many wrong codes on this card", journey.CodeChecked{Verdict: journey.UsedUp, Locked: true})
			s.press(display.Cancel)
		}},
		{"code-expired", func(s *story) {
			s.toUnlockCode()
			c := codeCase("taken")
			c.SecondsLeft = 3
			s.press(display.Enter)
			s.wait(4 * time.Second)
			s.got("it is taken, and nearly over", journey.CaseShown{Case: c})
			s.wait(3 * time.Second)
			s.press(display.Enter)
			s.got("central knows the card", registered())
		}},
		{"code-expired-while-registering", func(s *story) {
			s.toRegisterCode()
			s.enter("204816")
			s.got("it has run out", journey.CodeChecked{Verdict: journey.Expired})
			s.press(display.Enter)
			s.got("a code is on its way", journey.CaseShown{Case: codeCase("queued")})
		}},
		{"code-sent-again", func(s *story) {
			s.toUnlockCode()
			s.press(display.Enter, "1")
			s.wait(56 * time.Second)
			s.got("it is still on its way", journey.CaseShown{Case: canResend()})
			s.press("1")
			s.got("it was sent again", journey.CaseShown{Case: codeCase("queued")})
			s.wait(4 * time.Second)
			s.got("the mail server puts it off", journey.CaseShown{Case: codeCase("deferred")})
			s.wait(4 * time.Second)
			s.got("and refuses it", journey.CaseShown{Case: codeCase("refused")})
			s.press(display.Enter)
		}},
		{"code-resend-refused", func(s *story) {
			s.toUnlockCode()
			s.press(display.Enter)
			s.wait(4 * time.Second)
			s.got("it may be sent again", journey.CaseShown{Case: canResend()})
			s.press("1")
			s.got("central says that it is too soon", journey.CaseShown{Problem: journey.TooSoon})
			s.wait(time.Second)
			s.press("1")
			s.got("central says that it was enough", journey.CaseShown{Problem: journey.TooMany})
			s.press(display.Cancel)
		}},
		{"code-mail-taken-deferred-refused", mailStates},
		{"code-poll-in-between", func(s *story) {
			s.toUnlockCode()
			s.typing("20481")
			s.wait(4 * time.Second)
			s.enter("6")
			s.got("the poll ends", journey.CaseShown{Case: codeCase("taken")})
			s.got("the code is right", journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
		}},
		{"code-case-ended-elsewhere", func(s *story) {
			s.toUnlockCode()
			s.wait(4 * time.Second)
			s.got("the case is over", journey.CaseShown{Problem: journey.NoCase})
		}},
		{"code-card-frozen-meanwhile", func(s *story) {
			s.toUnlockCode()
			s.wait(4 * time.Second)
			s.got("the holder froze the card", journey.CaseShown{Problem: journey.FrozenCard})
		}},
	}
}

func canResend() journey.Case {
	c := codeCase("queued")
	c.ResendIn = 0
	return c
}

func mailStates(s *story) {
	s.toUnlockCode()
	s.press(display.Enter)
	for _, mail := range []string{"queued", "deferred", "taken", "refused"} {
		s.wait(4 * time.Second)
		s.got("the mail is "+mail, journey.CaseShown{Case: codeCase(mail)})
	}
	s.press(display.Enter)
}
