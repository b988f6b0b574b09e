package authentic_test

import (
	"errors"
	"fmt"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/authentic"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

const readBinary = 0xB0

// deed is something that tests a secret, and the instructions it consists of.
type deed struct {
	name     string
	commands []command
	do       profiletest.Deed
	wrong    bool   // it is a guess that costs a try
	passes   string // the passcode when it is done
}

// command is the nth of an instruction, and how often it writes to the card's
// memory.
type command struct {
	ins       byte
	n, writes int
}

func deeds() []deed {
	enter := []command{{iso7816.InsSelect, 1, 0}, {iso7816.InsSelect, 2, 0}}
	verified := func(writes int) []command { return append(enter, command{iso7816.InsVerify, 1, writes}) }
	return []deed{
		{"verify", verified(2), profiletest.Verify("123456"), false, "123456"},
		{"verify a wrong one", verified(1), profiletest.Verify("000000"), true, "123456"},
		{"change", append(enter, command{iso7816.InsChangeReference, 1, 3}), profiletest.Change("123456", "271828"), false, "271828"},
		{"change a wrong one", append(enter, command{iso7816.InsChangeReference, 1, 1}), profiletest.Change("000000", "271828"), true, "123456"},
		{"unblock", append(verified(2), command{iso7816.InsSelect, 3, 0}, command{readBinary, 1, 0}, command{iso7816.InsResetRetry, 1, 3}), profiletest.Unblock(officer, "271828"), false, "271828"},
		{"unblock with a wrong PIN", verified(1), profiletest.Unblock("87654321", "271828"), true, "123456"},
	}
}

// cuts are the moments at which the card is taken out, and whether the deed is
// done by then.
func (d deed) cuts() map[simcard.Pull]bool {
	all := map[simcard.Pull]bool{}
	for i, c := range d.commands {
		last := i == len(d.commands)-1
		all[simcard.Pull{INS: c.ins, N: c.n, When: simcard.Before}] = false
		for w := range c.writes {
			all[simcard.Pull{INS: c.ins, N: c.n, When: simcard.During, Write: w + 1}] = last && w+1 == c.writes
		}
		all[simcard.Pull{INS: c.ins, N: c.n, When: simcard.After}] = last
	}
	return all
}

// Cut anywhere, the card has the old passcode or the new one, a guess costs its
// try, and the officer's PIN still sets another passcode.
func TestACardCutAnywhereGoesOn(t *testing.T) {
	for _, d := range deeds() {
		for pull, done := range d.cuts() {
			t.Run(fmt.Sprintf("%s, %+v", d.name, pull), func(t *testing.T) {
				b := newBench(t, simcard.Config{})
				card := b.Open(t)
				b.Card.PullAt(pull)
				if _, err := d.do(t.Context(), card); !errors.Is(err, reader.ErrCardGone) {
					t.Fatalf("not cut: %v", err)
				}
				s := b.Card.Status()
				if left := s.Tries + s.PUKTries; left > 6 || d.wrong && left != map[bool]int{true: 5, false: 6}[done] {
					t.Errorf("the guess is done: %v, and leaves %+v", done, s)
				}
				if works := b.Card.Verify(d.passes); works != (done || d.passes == "123456") {
					t.Errorf("%s works: %v", d.passes, works)
				}
				b.Slot.Insert(b.Card)
				profiletest.Want(t, "the next unlock", reader.OK, reader.Unknown)(b.Open(t).Unblock(t.Context(), []byte(officer), []byte("314159")))
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
	const yes = "\x02\x90\x00"
	production := "\x2F\x9F\x7F\x2A" + "0123456789abcdef0123456789abcdef0123456789" + "\x90\x00"
	puk := "\x120123456789abcdef\x90\x00"
	f.Add([]byte(yes + yes + production + yes + yes + yes + "\x02\x63\xC3" + "\x02\x63\xC3" + yes + yes + puk + yes))
	f.Add([]byte(yes + "\x02\x6A\x82\x02\x6A\x82" + yes + production + yes + "\x02\x6A\x86" + yes + "\x02\x6A\x82"))
	f.Fuzz(func(t *testing.T, speech []byte) {
		link := new(profiletest.Talker(speech))
		card, err := authentic.Open(t.Context(), link)
		if err != nil {
			return
		}
		if info, err := card.Info(t.Context()); err == nil && (len(info.ID) != len("authentic:")+24 || info.Tries < 0 || info.Tries > 15) {
			t.Errorf("%+v", info)
		}
		if o, err := card.Unblock(t.Context(), []byte(officer), []byte("271828")); err == nil && (o.Tries < reader.Unknown || o.Tries > 15) {
			t.Errorf("%+v", o)
		}
	})
}
