package house_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/cmd/demo/robot"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// booth does an act of the IT booth on the card, at central's socket.
func (s story) booth(data string, kind wire.Kind) (done wire.CardDone) {
	s.Helper()
	act := wire.CardActBody{Card: s.central().row(s.who.Card, s).Card, Reason: "Amina showed her badge"}
	s.ok(socket.NewClient(filepath.Join(data, "central.sock")).Call(s.Context(), "POST", "/acts/"+string(kind), act, &done))
	return done
}

// mailed waits for a mail with such a subject.
func (s story) mailed(subject string) {
	s.Helper()
	s.until("the mail “"+subject+"”", func() bool {
		var box struct{ Mails []struct{ Subject string } }
		s.ok(s.Get(s.Context(), "/mail.json", &box))
		for _, m := range box.Mails {
			if strings.Contains(m.Subject, subject) {
				return true
			}
		}
		return false
	})
}

// openAt is a house that keeps its data where the story finds it.
func openAt(t *testing.T, data string) story {
	t.Helper()
	t.Parallel()
	l := live(t, data, small, rules(func(*wire.Policy) {}))
	return story{t, l, l.person("amina", "amina.shah@nhs.net")}
}

// strangersCode is the booth's code for somebody who stands at the terminal
// with a blocked card that was never registered.
func (s story) strangersCode(data string) string {
	s.Helper()
	s.ok(s.who.Block(s.Context()))
	s.insert()
	s.shows("card.unregistered")
	return s.booth(data, wire.CardAssist).Code
}

// Whoever failed too often goes to the IT booth, and unlocks the card with the
// booth's code, away from the terminal in between.
func TestTheBoothsCodeUnlocksALockedOutCard(t *testing.T) {
	data := t.TempDir()
	s := openAt(t, data)
	s.insert()
	s.ok(s.who.Register(t.Context()))
	s.remove()
	s.ok(s.who.Block(t.Context()))
	s.insert()
	ways := robot.Unlocking()
	maps.Copy(ways, wrongly())
	ways["unlock.answers-wrong"] = robot.Press("Enter")
	s.to("card.locked-out", ways)

	code := s.booth(data, wire.CardAssist).Code
	s.mailed("gave out a code")
	s.press("1")
	s.shows("assist.code", "8 digits")
	s.enter(wrong(code[:6]) + code[6:])
	s.until("the code is wrong", func() bool { return s.page().Error != "" })
	s.enter(code)
	s.shows("unlock.passcode", "Choose a new passcode")
	s.pull()
	s.shows("removed-early", "another 15 minutes")

	s.insert()
	s.shows("card.locked", "Type the same code again")
	s.press("Enter")
	s.shows("assist.code", "Type it once more")
	s.enter(code)
	s.shows("unlock.passcode")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
	s.until("central knows", func() bool { return s.central().row("amina", s).Standing == "registered" })
	s.mailed("was unlocked")
}

// A card that was never registered is unlocked with nothing but the code.
func TestTheBoothHelpsWhoIsNotRegistered(t *testing.T) {
	data := t.TempDir()
	s := openAt(t, data)
	code := s.strangersCode(data)
	s.press("1")
	s.shows("assist.code")
	s.enter(code)
	s.shows("unlock.passcode")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// A frozen card is served with no code: first somebody has to unfreeze it.
func TestAFrozenCardTakesNoCodeOfTheBooth(t *testing.T) {
	data := t.TempDir()
	s := openAt(t, data)
	code := s.strangersCode(data)
	s.booth(data, wire.CardFreeze)
	s.mailed("Self-service has stopped")
	s.press("1")
	s.shows("assist.code")
	s.enter(code)
	s.shows("card.frozen", "IT booth")
}
