package piv_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// bench is a card in a reader, and the authority that made it.
type bench struct {
	card      *simcard.Card
	slot      *simcard.Slot
	authority *simcard.Authority
}

func newBench(t *testing.T, cfg simcard.Config) bench {
	t.Helper()
	authority, err := simcard.NewAuthority("Test card authority", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Authority = authority
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := bench{card: card, slot: simcard.NewSlot("Test reader"), authority: authority}
	b.slot.Insert(card)
	return b
}

func (b bench) open(t *testing.T) (reader.Card, error) {
	t.Helper()
	link, err := b.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	return piv.Open(t.Context(), link)
}

func (b bench) mustOpen(t *testing.T) reader.Card {
	t.Helper()
	card, err := b.open(t)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestACardSaysWhatItIsWithinEightCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":    {},
		"metadata": {Metadata: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Quirks: quirks})
			info, err := b.mustOpen(t).Info(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			status := b.card.Status()
			if info.Profile != "piv" || info.ID != status.CardID || info.Tries != 3 || !info.Proves || !info.Rotates {
				t.Errorf("info %+v", info)
			}
			want := reader.Unknown
			if quirks.Metadata {
				want = 3
			}
			if info.PUKTries != want {
				t.Errorf("PUK tries %d, want %d", info.PUKTries, want)
			}
			if info.NotAfter.Before(time.Now()) || info.NotBefore.After(time.Now()) {
				t.Errorf("in force from %v to %v", info.NotBefore, info.NotAfter)
			}
			if n := status.Total(); n > 8 {
				t.Errorf("%d commands: %v", n, status.Commands)
			}
		})
	}
}

func TestAFederalCardIsKnownByItsAgencyNumber(t *testing.T) {
	fascn := make([]byte, 25)
	fascn[0], fascn[24] = 0xD0, 0x31
	b := newBench(t, simcard.Config{FASCN: fascn})
	info, err := b.mustOpen(t).Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := "piv:" + hex.EncodeToString(fascn); info.ID != want {
		t.Errorf("id %q, want %q", info.ID, want)
	}
}

func TestCardsThatAreNotServed(t *testing.T) {
	for kind, want := range map[simcard.Kind]error{
		simcard.Unknown:     reader.ErrUnknownCard,
		simcard.Unsupported: reader.ErrUnsupported,
	} {
		if _, err := newBench(t, simcard.Config{Kind: kind}).open(t); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", kind, err, want)
		}
	}
}

// Every habit that real cards have in answering leads to the same unlock.
func TestABlockedCardIsUnlockedInFourCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":    {},
		"parts":    {Parts: true},
		"short":    {ShortOnly: true},
		"metadata": {Metadata: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
			card := b.mustOpen(t)
			info, err := card.Info(t.Context())
			if err != nil || info.Tries != 0 {
				t.Fatalf("info %+v, %v", info, err)
			}
			b.card.ResetCounts()
			digest := sha256.Sum256([]byte("nonce"))
			proof, err := card.Prove(t.Context(), digest)
			if err != nil {
				t.Fatal(err)
			}
			want(t, reader.OK)(card.Unblock(t.Context(), []byte("12345678"), []byte("271828")))
			want(t, reader.OK)(card.ChangePUK(t.Context(), []byte("12345678"), []byte("87654321")))
			if tries, err := card.Tries(t.Context()); err != nil || tries != 3 {
				t.Errorf("tries %d, %v", tries, err)
			}
			if n := b.card.Status().Total(); n != 4 && !quirks.Parts { // parts: one more to fetch the signature
				t.Errorf("%d commands: %v", n, b.card.Status().Commands)
			}
			id, err := piv.VerifyProof(proof, digest, b.authority.Pool(), time.Now())
			if err != nil || id != info.ID {
				t.Errorf("proof of %q, %v", id, err)
			}
			if !b.card.Verify("271828") {
				t.Error("the new passcode does not work")
			}
		})
	}
}

// want returns a check of an outcome.
func want(t *testing.T, result reader.Result, tries ...int) func(reader.Outcome, error) {
	t.Helper()
	return func(o reader.Outcome, err error) {
		t.Helper()
		if err != nil || o.Result != result || len(tries) > 0 && o.Tries != tries[0] {
			t.Errorf("outcome %+v, %v; want result %d, tries %v", o, err, result, tries)
		}
	}
}

func TestWrongSecretsCostTriesUntilTheCardBlocks(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card, ctx := b.mustOpen(t), t.Context()

	want(t, reader.Wrong, 2)(card.Verify(ctx, []byte("000000")))
	want(t, reader.OK)(card.Verify(ctx, []byte("123456")))
	want(t, reader.Wrong, 2)(card.Change(ctx, []byte("000000"), []byte("271828")))
	want(t, reader.Wrong, 1)(card.Verify(ctx, []byte("000000")))
	want(t, reader.Blocked, 0)(card.Verify(ctx, []byte("000000")))
	want(t, reader.Blocked, 0)(card.Verify(ctx, []byte("123456")))
	if tries, err := card.Tries(ctx); err != nil || tries != 0 {
		t.Errorf("tries %d, %v", tries, err)
	}

	want(t, reader.Wrong, 2)(card.Unblock(ctx, []byte("00000000"), []byte("271828")))
	want(t, reader.Wrong, 1)(card.ChangePUK(ctx, []byte("00000000"), []byte("87654321")))
	want(t, reader.Blocked, 0)(card.Unblock(ctx, []byte("00000000"), []byte("271828")))
	want(t, reader.Blocked, 0)(card.Unblock(ctx, []byte("12345678"), []byte("271828")))
}

func TestABadNewPasscodeCostsNoTry(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Blocked})
	card, ctx := b.mustOpen(t), t.Context()
	for _, passcode := range []string{"12345", "letters", "123456789", ""} {
		want(t, reader.Refused)(card.Unblock(ctx, []byte("12345678"), []byte(passcode)))
	}
	if left := b.card.Status().PUKTries; left != 3 {
		t.Errorf("%d PUK tries left", left)
	}
	want(t, reader.OK)(card.Unblock(ctx, []byte("12345678"), []byte("27182818")))
}

func TestAPasscodeSomebodyElseVerifiedIsDropped(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card, ctx := b.mustOpen(t), t.Context()
	want(t, reader.OK)(card.Verify(ctx, []byte("123456")))
	if tries, err := card.Tries(ctx); err != nil || tries != 3 {
		t.Errorf("tries %d, %v", tries, err)
	}
}

func TestAPulledCardLeavesTheOutcomeOpen(t *testing.T) {
	for when, after := range map[simcard.Moment]struct {
		tries, pukTries int
	}{
		simcard.Before: {0, 3},
		simcard.During: {0, 2},
		simcard.After:  {3, 3},
	} {
		b := newBench(t, simcard.Config{Kind: simcard.Blocked})
		card := b.mustOpen(t)
		b.card.PullAt(simcard.Pull{INS: iso7816.InsResetRetry, When: when})
		_, err := card.Unblock(t.Context(), []byte("12345678"), []byte("271828"))
		if !errors.Is(err, reader.ErrCardGone) {
			t.Errorf("moment %d: %v", when, err)
		}
		if b.slot.Card() != nil {
			t.Errorf("moment %d: the card is still in", when)
		}
		s := b.card.Status()
		if s.Tries != after.tries || s.PUKTries != after.pukTries {
			t.Errorf("moment %d: tries %d and %d", when, s.Tries, s.PUKTries)
		}
	}
}

func TestAnRSACardProvesItself(t *testing.T) {
	b := newBench(t, simcard.Config{RSA: true})
	digest := sha256.Sum256([]byte("nonce"))
	proof, err := b.mustOpen(t).Prove(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := piv.VerifyProof(proof, digest, b.authority.Pool(), time.Now()); err != nil || id != b.card.Status().CardID {
		t.Errorf("proof of %q, %v", id, err)
	}
}

// silent answers every command with the same bytes.
type silent []byte

func (s silent) Transmit(context.Context, []byte) ([]byte, error) { return s, nil }

func TestACardThatTalksNonsenseIsNoPIVCard(t *testing.T) {
	for _, answer := range []string{"\x6E\x00", "\x6D\x00", "\x62\x83"} {
		if _, err := piv.Open(t.Context(), silent(answer)); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("% X: %v", answer, err)
		}
	}
	if _, err := piv.Open(t.Context(), silent("\x61\x00")); err == nil {
		t.Error("a card that promises more for ever was believed")
	}
}
