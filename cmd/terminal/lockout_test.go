package main

import (
	"testing"
	"time"

	"unlockpoint/reader/simcard"
)

func TestThreeFailedAttemptsLockACardOutEverywhere(t *testing.T) {
	w := newWorld(t, "")
	door, hall := w.walls[0], w.walls[1]
	here, there := door.start(), hall.start()
	h := w.blocked(here, door)

	here.starts(door, h)
	if s := here.guesses(); s.ID != "unlock.answers-wrong" {
		t.Fatalf("after the first attempt: %+v", s)
	}
	here.leaves(door)

	there.starts(hall, h)
	there.guesses()
	there.sees("unlock.answers-wrong")
	there.presses("Enter")
	if s := there.guesses(); s.ID != "card.locked-out" {
		t.Fatalf("after the third attempt: %+v", s)
	}
	there.leaves(hall)

	door.insert(h.Card)
	here.sees("card.locked-out")
	here.leaves(door)

	hall.terminal.Stop(t)
	there = hall.start()
	there.sees("idle")
	hall.insert(h.Card)
	there.sees("card.locked-out")
	there.leaves(hall)
}

func TestCardsThatCannotBeUnlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	p.sees("idle")
	for _, c := range []struct{ of, page string }{
		{"known, blocked, never registered", "card.unregistered"},
		{"expired and blocked", "card.expired"},
		{"the PUK used up", "card.blocked-for-good"},
		{"no PIV", "card.unknown"},
		{"of a type not served", "card.unsupported"},
		{"PIV that central does not know", "card.unknown"},
		{"PIV of another authority", "card.unknown"},
		{"upside down", "card.unreadable"},
	} {
		t.Log(c.of)
		door.insert(w.useless(c.of))
		p.sees(c.page)
		p.leaves(door)
	}
}

// useless is a card that cannot be unlocked for the reason given.
func (w *world) useless(why string) *simcard.Card {
	w.t.Helper()
	switch why {
	case "known, blocked, never registered":
		return w.Hires(simcard.Blocked).Card
	case "expired and blocked":
		return w.Hires(simcard.Expired).Card
	case "the PUK used up":
		card := w.Hires(simcard.PUKUsedUp).Card
		if err := card.SetQuirks(simcard.Quirks{Metadata: true}); err != nil { // else only a PUK tried would tell
			w.t.Fatal(err)
		}
		return card
	case "no PIV":
		return w.prints(simcard.Unknown, w.Authority)
	case "of a type not served":
		return w.prints(simcard.Unsupported, w.Authority)
	case "PIV that central does not know":
		return w.prints(simcard.Blocked, w.Authority)
	case "upside down":
		return w.prints(simcard.Mute, w.Authority)
	}
	other, err := simcard.NewAuthority("Another card authority", time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.prints(simcard.Foreign, other)
}

// prints a card that central is not told about.
func (w *world) prints(kind simcard.Kind, by *simcard.Authority) *simcard.Card {
	w.t.Helper()
	card, err := simcard.New(simcard.Config{Kind: kind, Authority: by})
	if err != nil {
		w.t.Fatal(err)
	}
	return card
}

// Most cards do not tell how often their PUK may still be tried: it shows when
// it is used.
func TestAUsedUpPUKShowsWhenItIsUsed(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)
	useUpPUK(t, h.Card)

	p.types(p.asks(w, door, h))
	p.sees("unlock.passcode")
	p.types(h.Next)
	p.sees("unlock.repeat")
	p.types(h.Next)
	p.sees("card.blocked-for-good")
	p.leaves(door)
}

// useUpPUK tries a wrong PUK by RESET RETRY COUNTER (NIST SP 800-73-4 part 2,
// 3.2.3) until the card takes no more.
func useUpPUK(t testing.TB, card *simcard.Card) {
	t.Helper()
	for _, command := range [][]byte{
		{0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08},
		resetWithWrongPUK, resetWithWrongPUK, resetWithWrongPUK,
	} {
		if _, err := card.Answer(t.Context(), command); err != nil {
			t.Fatal(err)
		}
	}
	if left := card.Status().PUKTries; left != 0 {
		t.Fatalf("the PUK has %d tries left", left)
	}
	card.Reset()
}

var resetWithWrongPUK = append([]byte{0x00, 0x2C, 0x00, 0x80, 0x10}, "00000000111222\xff\xff"...)
