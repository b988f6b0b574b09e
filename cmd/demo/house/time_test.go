package house_test

import (
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// A person who is slow is asked, and loses nothing by saying yes, as often
// as they like.
func TestMoreTime(t *testing.T) {
	s := blocked(t)
	s.to("unlock.answer", robot.Unlocking())
	s.ok(s.Type(t.Context(), "mar"))
	for _, yes := range []string{"1", "Enter", "1"} {
		s.later(61)
		s.shows("more-time", "Do you need more time?", "what you typed is wiped")
		s.press(yes)
		if p := s.shows("unlock.answer"); p.Field == nil || p.Field.Count != 3 {
			t.Errorf("what was typed is gone: %+v", p.Field)
		}
	}
	s.later(61)
	s.shows("more-time")
	s.press("2")
	s.shows("take-card", "wiped")
	s.remove()
	s.insert()
	s.shows("card.locked", "Start unlocking")
	if left := s.central().row("amina", s).AttemptsLeft; left != 3 {
		t.Errorf("%d attempts left after none was made", left)
	}
}

// Silence wipes what was typed and asks to take the card; whoever does not
// hears the beep, and central hears of it, once.
func TestSilence(t *testing.T) {
	s := blocked(t)
	s.to("unlock.answer", robot.Unlocking())
	s.ok(s.Type(t.Context(), "mar"))
	s.later(61)
	if p := s.shows("more-time"); p.SecondsLeft < 1 || p.SecondsLeft > 20 {
		t.Errorf("%d seconds to answer, want 20", p.SecondsLeft)
	}
	s.later(21)
	s.shows("take-card")
	s.later(30)
	s.told("card.left", 0)
	s.later(31)
	s.told("card.left", 1)
	s.later(600)
	s.remove()
	s.told("card.left", 1)
}

// A card left behind after its unlock is reported, and stays unlocked.
func TestCardLeftBehind(t *testing.T) {
	s := blocked(t)
	s.to("unlock.done", robot.Unlocking())
	s.later(5)
	s.shows("unlock.done", "Take it out")
	s.later(60)
	s.shows("take-card")
	s.told("card.left", 1)
	s.remove()
	s.unlocked()
}

// Taking the card out ends every wait at once.
func TestTakingTheCardEndsTheQuestion(t *testing.T) {
	s := blocked(t)
	s.to("unlock.warning", robot.Unlocking())
	s.later(61)
	s.shows("more-time")
	s.pull()
	s.shows("removed-early", "Nothing was changed")
	s.press("Enter")
	s.shows("idle")
}
