package gids_test

import (
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// again puts the card back, and unblocks it with a new exchange.
func again(t *testing.T, b profiletest.Bench) {
	t.Helper()
	b.Slot.Insert(b.Card)
	card := b.Open(t)
	o, err := card.Unblock(t.Context(), server(t, adminKey, prove(t, card)), []byte("314159"))
	want(t, reader.OK)(o, err)
	if !b.Card.Verify("314159") {
		t.Error("the passcode does not work")
	}
}

func TestAnUnblockCutAnywhereIsDoneAgain(t *testing.T) {
	const counts, manage = 2, 0x22 // writes of a card that counts answers
	all := append(profiletest.Cuts(manage, 1, 0), profiletest.Cuts(iso7816.InsAuthenticate, 1, 0)...)
	all = append(all, profiletest.Cuts(iso7816.InsAuthenticate, 2, counts)...)
	for _, cut := range append(all, profiletest.Cuts(iso7816.InsResetRetry, 1, 1)...) {
		t.Run(cut.Name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: simcard.Quirks{CountsAdmin: true}})
			card := b.Open(t)
			b.Card.PullAt(cut.Pull)
			proof, err := card.Prove(t.Context(), digest)
			if err == nil {
				_, err = card.Unblock(t.Context(), server(t, adminKey, proof), []byte("271828"))
			}
			if !errors.Is(err, reader.ErrCardGone) || b.Slot.Card() != nil {
				t.Fatalf("not cut: %v", err)
			}
			done := cut.Pull.INS == iso7816.InsResetRetry && cut.Pull.When != simcard.Before
			if s := b.Card.Status(); s.PUKTries > 3 || s.PUKTries < 2 || (s.Tries == 3) != done || !done && s.Tries != 0 {
				t.Errorf("%+v", s)
			}
			if b.Card.Verify("271828") != done {
				t.Errorf("the new passcode works: %v", !done)
			}
			again(t, b)
		})
	}
}

// A right passcode may cost a try by dying, a wrong one never saves one.
func TestAPasscodeCutAnywhereIsNoFreeGuess(t *testing.T) {
	for _, passcode := range []string{"123456", "000000"} {
		for _, cut := range profiletest.Cuts(iso7816.InsVerify, 1, 1) {
			b := newBench(t, simcard.Config{})
			card := b.Open(t)
			b.Card.PullAt(cut.Pull)
			if _, err := card.Verify(t.Context(), []byte(passcode)); !errors.Is(err, reader.ErrCardGone) {
				t.Fatalf("%s: not cut: %v", cut.Name, err)
			}
			left, at := b.Card.Status().Tries, 3
			if cut.Pull.When == simcard.During || cut.Pull.When == simcard.After && passcode == "000000" {
				at = 2
			}
			if left != at {
				t.Errorf("%s of %s: %d tries left, want %d", cut.Name, passcode, left, at)
			}
			again(t, b)
		}
	}
}

func TestAChangeCutAnywhereLeavesOnePasscode(t *testing.T) {
	const writes = 3 // the try is booked and given back, the passcode set
	for _, cut := range append(profiletest.Cuts(iso7816.InsVerify, 1, 2), profiletest.Cuts(iso7816.InsChangeReference, 1, writes)...) {
		b := newBench(t, simcard.Config{})
		card := b.Open(t)
		b.Card.PullAt(cut.Pull)
		if _, err := card.Change(t.Context(), []byte("123456"), []byte("271828")); !errors.Is(err, reader.ErrCardGone) {
			t.Fatalf("%s: not cut: %v", cut.Name, err)
		}
		p := cut.Pull
		done := p.INS == iso7816.InsChangeReference && (p.When == simcard.After || p.When == simcard.During && p.Write == writes)
		if left := b.Card.Status().Tries; left < 2 || left > 3 {
			t.Errorf("%s: %d tries left", cut.Name, left)
		}
		if b.Card.Verify("271828") != done || b.Card.Verify("123456") == done {
			t.Errorf("%s: the change is done: %v", cut.Name, !done)
		}
		again(t, b)
	}
}

// A card may say anything: it is believed where it makes sense, and never
// harms.
func FuzzCardThatSaysAnything(f *testing.F) {
	f.Add([]byte("\x02\x90\x00\x15\xDF\x20\x100123456789abcdef\x90\x00"))
	f.Add([]byte("\x02\x90\x00\x02\x90\x00\x16\x7C\x12\x81\x100123456789abcdef\x90\x00"))
	f.Add(append([]byte("\x02\x90\x00\x15\xDF\x20\x100123456789abcdef\x90\x00\x0B\x7F\x71\x06\x97\x01\x02\x93\x01\x03\x90\x00\x22"), unhex(f, masterFile+"9000")...))
	f.Fuzz(func(t *testing.T, speech []byte) {
		link := new(profiletest.Talker(speech))
		card, err := gids.Open(t.Context(), link)
		if err != nil {
			return
		}
		if info, err := card.Info(t.Context()); err == nil && (len(info.ID) != 37 || info.Tries < reader.Unknown) {
			t.Errorf("%+v", info)
		}
		link = new(profiletest.Talker(speech))
		if card, err = gids.Open(t.Context(), link); err != nil {
			return
		}
		proof, err := card.Prove(t.Context(), digest)
		if err != nil {
			return
		}
		if len(proof.Challenge) != 16 {
			t.Errorf("%+v", proof)
		}
		o, err := card.Unblock(t.Context(), make([]byte, 40), []byte("271828"))
		if err == nil && o.Result == reader.OK && len(o.Half) != 40 {
			t.Errorf("%+v", o)
		}
	})
}
