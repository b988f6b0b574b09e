package isoapplet_test

import (
	"errors"
	"fmt"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// deed is a command that tests a secret.
type deed struct {
	name   string
	ins    byte
	writes int // to the card's memory
	do     profiletest.Deed
	passes string // the passcode when it is done
}

func deeds() []deed {
	return []deed{
		{"verify", iso7816.InsVerify, 2, profiletest.Verify("123456"), "123456"},
		{"verify a wrong one", iso7816.InsVerify, 1, profiletest.Verify("000000"), "123456"},
		{"change", iso7816.InsChangeReference, 3, profiletest.Change("123456", "271828"), "271828"},
		{"change a wrong one", iso7816.InsChangeReference, 1, profiletest.Change("000000", "271828"), "123456"},
		{"unblock", iso7816.InsResetRetry, 3, profiletest.Unblock(puk, "271828"), "271828"},
		{"unblock with a wrong PUK", iso7816.InsResetRetry, 1, profiletest.Unblock("8765432187654321", "271828"), "123456"},
	}
}

// cuts are the moments at which the card is taken out.
func cuts(ins byte, writes int) []simcard.Pull {
	pulls := []simcard.Pull{{INS: ins, When: simcard.Before}, {INS: ins, When: simcard.After}}
	for n := range writes {
		pulls = append(pulls, simcard.Pull{INS: ins, When: simcard.During, Write: n + 1})
	}
	return pulls
}

// Cut anywhere, the card has the old passcode or the new one, a guess costs its
// try, and the PUK still sets another passcode.
func TestACardCutAnywhereGoesOn(t *testing.T) {
	for _, d := range deeds() {
		for _, pull := range cuts(d.ins, d.writes) {
			t.Run(fmt.Sprintf("%s, %+v", d.name, pull), func(t *testing.T) {
				b := newBench(t, simcard.Config{})
				card := b.Open(t)
				b.Card.PullAt(pull)
				if _, err := d.do(t.Context(), card); !errors.Is(err, reader.ErrCardGone) {
					t.Fatalf("not cut: %v", err)
				}
				s, done := b.Card.Status(), pull.When == simcard.After || pull.Write == d.writes
				if free := s.Tries + s.PUKTries; d.writes == 1 && free != map[bool]int{true: 5, false: 6}[done] {
					t.Errorf("the guess is done: %v, and leaves %+v", done, s)
				}
				if works := b.Card.Verify(d.passes); works != (done || d.passes == "123456") {
					t.Errorf("%s works: %v", d.passes, works)
				}
				b.Slot.Insert(b.Card)
				profiletest.Want(t, "the next unlock", reader.OK, reader.Unknown)(b.Open(t).Unblock(t.Context(), []byte(puk), []byte("314159")))
				if s := b.Card.Status(); !b.Card.Verify("314159") || s.Tries != 3 || s.PUKTries != 3 {
					t.Errorf("%+v", s)
				}
			})
		}
	}
}

// A card may say anything: it is believed where it makes sense, and never
// harms.
func FuzzCardThatSaysAnything(f *testing.F) {
	production := "\x9F\x7F\x2A" + "0123456789abcdef0123456789abcdef0123456789" + "\x90\x00"
	f.Add([]byte("\x02\x90\x00\x02\x90\x00\x2F" + production + "\x02\x90\x00\x02\x63\xC3\x02\x90\x00"))
	f.Add([]byte("\x02\x90\x00\x02\x6A\x82\x02\x6A\x82\x02\x90\x00\x02\x6A\x88\x02\x63\xC0"))
	f.Fuzz(func(t *testing.T, speech []byte) {
		link := new(profiletest.Talker(speech))
		card, err := isoapplet.Open(t.Context(), link)
		if err != nil {
			return
		}
		if info, err := card.Info(t.Context()); err == nil && (len(info.ID) != len("isoapplet:")+24 || info.Tries < 0 || info.Tries > 15) {
			t.Errorf("%+v", info)
		}
		if o, err := card.Unblock(t.Context(), []byte(puk), []byte("271828")); err == nil && (o.Tries < reader.Unknown || o.Tries > 15) {
			t.Errorf("%+v", o)
		}
	})
}
