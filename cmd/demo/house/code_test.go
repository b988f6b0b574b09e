package house_test

import (
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// A code that ran out is told at once, and a new one unlocks the card.
func TestCodeRunsOut(t *testing.T) {
	s := blocked(t, patient)
	s.to("unlock.code", robot.Unlocking())
	old, err := s.who.Code()
	s.ok(err)
	s.later(901)
	s.shows("code.expired", "answer your questions again", "Get a new code")
	s.to("unlock.code", robot.Unlocking())
	if fresh, err := s.who.Code(); err != nil || fresh == old {
		t.Errorf("the new code %s is the old one, %v", fresh, err)
	}
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// Away for too long: the card is served as one without a code.
func TestCodeRunsOutWhileAway(t *testing.T) {
	s := blocked(t)
	s.to("unlock.code", robot.Unlocking())
	_, err := s.who.Code()
	s.ok(err)
	s.pull()
	s.shows("removed-early", "good for another 15 minutes")
	s.later(901)
	s.insert()
	s.shows("card.locked", "Start unlocking")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// A right code gives 15 more minutes, once: the same code typed again goes
// on, and does not make them longer.
func TestRightCodeGivesMoreTimeOnce(t *testing.T) {
	s := blocked(t)
	s.to("unlock.passcode", robot.Unlocking())
	s.pull()
	s.shows("removed-early", "good for another 15 minutes")
	s.later(600)
	s.insert()
	s.shows("card.locked", "Type the same code again", "Go on")
	s.press("Enter")
	s.shows("unlock.code", "Type the same code again")
	s.to("unlock.passcode", robot.Unlocking())
	s.pull()
	s.shows("removed-early", "good for another 5 minutes")
	s.later(301)
	s.insert()
	s.shows("card.locked", "Start unlocking")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// Ten wrong codes since the last unlock, over two cases, end self-service.
func TestTenWrongCodesLockOut(t *testing.T) {
	s := blocked(t)
	s.to("unlock.code", robot.Unlocking())
	s.wrongCodes(4)
	s.shows("code.used-up", "use only the newest email")
	s.to("unlock.code", robot.Unlocking())
	s.wrongCodes(4)
	p := s.shows("card.locked-out", "IT booth")
	if p.Error != "" {
		t.Errorf("it scolds: %q", p.Error)
	}
	s.remove()
	s.insert()
	s.shows("card.locked-out")
	if row := s.central().row("amina", s); row.Standing != "locked" || row.WrongCodes != 10 {
		t.Errorf("central has %+v", row)
	}
}

// wrongCodes types as many wrong codes as still say how many are left, and
// one more.
func (s story) wrongCodes(n int) {
	s.Helper()
	code, err := s.who.Code()
	s.ok(err)
	for left := n; left > 0; left-- {
		s.enter(wrong(code))
		s.says("unlock.code", "That is not the code. "+tries(left)+" left.")
	}
	s.enter(wrong(code))
	for p := s.page(); p.ID == "unlock.code"; {
		p, err = s.After(s.Context(), p)
		s.ok(err)
	}
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return string(rune('0'+n)) + " tries"
}

// A registration that waits for its code for too long is over at central as
// well: its answers are long gone, and are asked for again.
func TestPendingRegistrationEnds(t *testing.T) {
	s := begin(t, patient)
	s.insert()
	s.to("register.code", robot.Registering())
	old, err := s.who.Code()
	s.ok(err)
	s.later(901)
	s.shows("code.expired", "you choose your questions again")
	s.later(901)
	s.shows("code.expired")
	s.to("register.question", robot.Registering())
	s.shows("register.question", "That took too long")
	s.to("register.code", robot.Registering())
	s.to("register.done", robot.Registering())
	if fresh, err := s.who.Code(); err != nil || fresh == old {
		t.Errorf("the new code %s is the old one, %v", fresh, err)
	}
	if c := s.central(); c.Registered != 1 {
		t.Errorf("%d registered, want 1", c.Registered)
	}
}

// The same code is sent again, at least a minute later, three times in all.
func TestCodeSentAgain(t *testing.T) {
	s := blocked(t, patient)
	s.to("unlock.code", robot.Unlocking())
	code, err := s.who.Code()
	s.ok(err)
	s.press("Enter")
	s.shows("code.where", "unlockpoint@demo.nhs.uk", "junk", "Your code to unlock your smartcard",
		"You can send it again in")
	s.sendAgain()
	s.says("code.where", "You can send it again in")
	s.later(61)
	s.learns("code.where", "1 more time.")
	s.press("1")
	s.says("code.where", "as often as it can be")
	s.press("1")
	s.says("code.where", "Ask the IT booth if it does not come")
	s.until("the last mail", func() bool { return len(s.codes()) == 4 }) // the first is of the registration
	if got := s.codes(); got[0] != code || got[1] != code || got[2] != code {
		t.Errorf("codes %v, want the same three times", got)
	}
	s.press("Enter")
	s.to("unlock.done", robot.Unlocking())
}

// codes are those of all mails, newest first.
func (s story) codes() []string {
	s.Helper()
	var box struct{ Mails []struct{ Code string } }
	s.ok(s.Get(s.Context(), "/mail.json", &box))
	var codes []string
	for _, m := range box.Mails {
		if m.Code != "" {
			codes = append(codes, m.Code)
		}
	}
	return codes
}
