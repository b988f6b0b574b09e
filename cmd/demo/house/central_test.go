package house_test

import (
	"maps"
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// known is central.json.
type known struct {
	Link       bool
	Queue      int
	Cards      int
	Registered int
	Cases      int
	Locked     int
	Rows       []knownCard
	Terminals  []struct {
		ID     string
		Online bool
	}
	Reports map[string]int
	Demo    struct{ Link, Reader bool }
}

type knownCard struct {
	Card         string
	Standing     string
	AttemptsLeft int `json:"attempts_left"`
	WrongCodes   int `json:"wrong_codes"`
	Case         *struct {
		SecondsLeft int    `json:"seconds_left"`
		SendsLeft   int    `json:"sends_left"`
		TriesLeft   int    `json:"tries_left"`
		Mail        string `json:"mail"`
		Address     string `json:"address"`
	}
}

func (s story) central() known {
	s.Helper()
	var k known
	s.ok(s.Get(s.Context(), "/central.json", &k))
	return k
}

// row is what central knows of a card of the tray.
func (k known) row(name string, s story) knownCard {
	s.Helper()
	var card struct{ ID string }
	s.ok(s.Get(s.Context(), "/cards/"+name+".json", &card))
	for _, r := range k.Rows {
		if r.Card == card.ID {
			return r
		}
	}
	s.Fatalf("central does not know %s", name)
	return knownCard{}
}

// told waits until central has heard of something at the terminal so many
// times.
func (s story) told(what string, times int) {
	s.Helper()
	s.until(what+" at central", func() bool {
		got := s.central().Reports[what]
		if got > times {
			s.Fatalf("central heard of %s %d times, want %d", what, got, times)
		}
		return got == times
	})
}

// The page says that the terminal reports it: so it does, once for each change.
func TestAReaderIsMissing(t *testing.T) {
	s := blocked(t)
	for times := 1; times <= 2; times++ {
		s.unplugged(stop{})
		s.told("reader.missing", times)
		s.told("reader.back", times)
	}
}

// Three failed attempts end self-service; central knows after each.
func TestThreeFailedAttempts(t *testing.T) {
	s := blocked(t)
	ways := robot.Unlocking()
	maps.Copy(ways, wrongly())
	ways["unlock.answers-wrong"] = robot.Press("Enter")
	for left := 2; left > 0; left-- {
		s.to("unlock.answers-wrong", ways)
		if row := s.central().row("amina", s); row.AttemptsLeft != left || row.Standing != "registered" {
			t.Errorf("central has %+v, want %d left", row, left)
		}
		s.press("Enter")
		s.shows("unlock.answer")
	}
	s.to("card.locked-out", ways)
	if c := s.central(); c.Locked != 1 || c.row("amina", s).AttemptsLeft != 0 || c.row("amina", s).Standing != "locked" {
		t.Errorf("central has %+v", c)
	}
}

// The card counts what an unlock costs: one reset of the passcode, and no
// guess at either secret.
func TestWhatAnUnlockCostsTheCard(t *testing.T) {
	s := blocked(t)
	s.to("unlock.done", robot.Unlocking())
	var card struct {
		PasscodeTries int `json:"passcode_tries"`
		PUKTries      int `json:"puk_tries"`
		Verified      struct{ Passcode, Unblock, Commands int }
	}
	s.ok(s.Get(t.Context(), "/cards/amina.json", &card))
	if card.PasscodeTries != 3 || card.PUKTries != 3 || card.Verified.Unblock != 1 {
		t.Errorf("the card says %+v", card)
	}
}
