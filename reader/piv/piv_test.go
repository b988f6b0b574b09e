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
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// bench is a card in a reader, and the authority that made it.
type bench struct {
	profiletest.Bench
	authority *simcard.Authority
}

func newBench(t testing.TB, cfg simcard.Config) bench {
	t.Helper()
	authority, err := simcard.NewAuthority("Test card authority", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Authority = authority
	return bench{profiletest.New(t, piv.Open, cfg), authority}
}

func TestACardSaysWhatItIsWithinEightCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":    {},
		"metadata": {Metadata: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Quirks: quirks})
			info, err := b.Open(t).Info(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			status := b.Card.Status()
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
	info, err := b.Open(t).Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := "piv:" + hex.EncodeToString(fascn); info.ID != want {
		t.Errorf("id %q, want %q", info.ID, want)
	}
}

func TestOtherCardsAreNoPIVCards(t *testing.T) {
	for _, kind := range []simcard.Kind{simcard.Unknown, simcard.Unsupported} {
		if _, err := newBench(t, simcard.Config{Kind: kind}).TryOpen(t); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// Every habit that real cards have in answering leads to the same unlock.
func TestABlockedCardIsUnlockedInFourCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":    {},
		"parts":    {Parts: true},
		"T=0":      {T0: true},
		"short":    {ShortOnly: true},
		"metadata": {Metadata: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
			card := b.Open(t)
			info, err := card.Info(t.Context())
			if err != nil || info.Tries != 0 {
				t.Fatalf("info %+v, %v", info, err)
			}
			b.Card.ResetCounts()
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
			if n := b.Card.Status().Total(); n != 4 && !quirks.Parts && !quirks.T0 { // parts: one more to fetch the signature
				t.Errorf("%d commands: %v", n, b.Card.Status().Commands)
			}
			id, err := piv.VerifyProof(proof, digest, b.authority.Pool(), time.Now())
			if err != nil || id != info.ID {
				t.Errorf("proof of %q, %v", id, err)
			}
			if !b.Card.Verify("271828") {
				t.Error("the new passcode does not work")
			}
		})
	}
}

// want returns a check of an outcome.
func want(t testing.TB, result reader.Result, tries ...int) func(reader.Outcome, error) {
	t.Helper()
	return profiletest.Want(t, "outcome", result, tries...)
}

func TestWrongSecretsCostTriesUntilTheCardBlocks(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card, ctx := b.Open(t), t.Context()

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
	card, ctx := b.Open(t), t.Context()
	for _, passcode := range []string{"12345", "letters", "123456789", ""} {
		want(t, reader.Refused)(card.Unblock(ctx, []byte("12345678"), []byte(passcode)))
	}
	if left := b.Card.Status().PUKTries; left != 3 {
		t.Errorf("%d PUK tries left", left)
	}
	want(t, reader.OK)(card.Unblock(ctx, []byte("12345678"), []byte("27182818")))
}

func TestAPasscodeSomebodyElseVerifiedIsDropped(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card, ctx := b.Open(t), t.Context()
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
		card := b.Open(t)
		b.Card.PullAt(simcard.Pull{INS: iso7816.InsResetRetry, When: when})
		_, err := card.Unblock(t.Context(), []byte("12345678"), []byte("271828"))
		if !errors.Is(err, reader.ErrCardGone) {
			t.Errorf("moment %d: %v", when, err)
		}
		if b.Slot.Card() != nil {
			t.Errorf("moment %d: the card is still in", when)
		}
		s := b.Card.Status()
		if s.Tries != after.tries || s.PUKTries != after.pukTries {
			t.Errorf("moment %d: tries %d and %d", when, s.Tries, s.PUKTries)
		}
	}
}

func TestAnRSACardProvesItself(t *testing.T) {
	b := newBench(t, simcard.Config{RSA: true})
	digest := sha256.Sum256([]byte("nonce"))
	proof, err := b.Open(t).Prove(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := piv.VerifyProof(proof, digest, b.authority.Pool(), time.Now()); err != nil || id != b.Card.Status().CardID {
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
