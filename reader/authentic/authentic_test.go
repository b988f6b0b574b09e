package authentic_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/authentic"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

const officer = "12345678"

func newBench(t testing.TB, cfg simcard.Config) profiletest.Bench {
	t.Helper()
	cfg.Profiles = []string{authentic.Profile}
	return profiletest.New(t, authentic.Open, cfg)
}

func TestWhatTheCardSaysOfItself(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	for _, commands := range []int{8, 7} { // with the SELECT of Open, and read again
		info, err := card.Info(t.Context())
		if err != nil || info.ID != b.Card.Status().CardID || !strings.HasPrefix(info.ID, "authentic:47905073") {
			t.Errorf("%+v, %v", info, err)
		}
		if info.Tries != 3 || info.PUKTries != 3 || info.Rotates || info.Proves || info.Asks {
			t.Errorf("%+v", info)
		}
		if n := b.Card.Status().Total(); n != commands {
			t.Errorf("%d commands", n)
		}
		b.Card.ResetCounts()
	}
}

// Every habit leads to the same unlock: three commands to the folder and four
// in it, which are the only ones after the card was read.
func TestABlockedCardIsUnlockedInSevenCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{"plain": {}, "in parts": {Parts: true}, "T=0": {T0: true}, "short": {ShortOnly: true}} {
		for _, read := range []bool{false, true} {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
			b.Card.ResetCounts()
			card := b.Open(t)
			if read {
				if _, err := card.Info(t.Context()); err != nil {
					t.Fatal(err)
				}
				b.Card.ResetCounts()
			}
			profiletest.Want(t, name, reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(officer), []byte("a pass 1")))
			if n := b.Card.Status().Total(); n != map[bool]int{false: 7, true: 4}[read] || !b.Card.Verify("a pass 1") {
				t.Errorf("%s, read: %v: %d commands, %+v", name, read, n, b.Card.Status())
			}
		}
	}
}

func TestWrongSecretsCostTries(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	profiletest.Want(t, "a wrong passcode", reader.Wrong, 2)(card.Verify(t.Context(), []byte("000000")))
	profiletest.Want(t, "a wrong old passcode", reader.Wrong, 1)(card.Change(t.Context(), []byte("000000"), []byte("271828")))
	profiletest.Want(t, "the last one", reader.Blocked, 0)(card.Verify(t.Context(), []byte("000000")))
	profiletest.Want(t, "the right one, too late", reader.Blocked, 0)(card.Verify(t.Context(), []byte("123456")))
	if tries, err := card.Tries(t.Context()); err != nil || tries != 0 {
		t.Errorf("%d tries left, %v", tries, err)
	}
	for left := 2; left >= 0; left-- {
		profiletest.Want(t, "a wrong officer's PIN", map[bool]reader.Result{true: reader.Wrong, false: reader.Blocked}[left > 0], left)(card.Unblock(t.Context(), []byte("87654321"), []byte("271828")))
	}
}

func TestAPasscodeIsChanged(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	profiletest.Want(t, "the change", reader.OK, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte("a~ b")))
	profiletest.Want(t, "the new one", reader.OK, reader.Unknown)(card.Verify(t.Context(), []byte("a~ b")))
	if tries, err := card.Tries(t.Context()); err != nil || tries != reader.Unknown {
		t.Errorf("a verified card tells %d tries, %v", tries, err)
	}
}

// What the card could not hold, or nobody could type again, is not sent.
func TestSecretsThatDoNotFitAreNotSent(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	b.Card.ResetCounts()
	for _, passcode := range []string{"", "123", "123456789", "caf\xe9s", "1234\x00"} {
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte(officer), []byte(passcode)))
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte(passcode)))
	}
	profiletest.Want(t, "a short officer's PIN", reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte("123"), []byte("271828")))
	if n := b.Card.Status().Total(); n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}

func TestWhatTheCardCannotDo(t *testing.T) {
	card := newBench(t, simcard.Config{}).Open(t)
	if _, err := card.ChangePUK(t.Context(), []byte(officer), []byte(officer)); !errors.Is(err, reader.ErrFixedPUK) {
		t.Errorf("another PUK: %v", err)
	}
	if _, err := card.Prove(t.Context(), [32]byte{}); !errors.Is(err, reader.ErrNoProof) {
		t.Errorf("a proof: %v", err)
	}
}

// silent answers every command with the same bytes.
type silent []byte

func (s silent) Transmit(context.Context, []byte) ([]byte, error) { return s, nil }

func TestACardThatTalksNonsenseIsNoAuthentICCard(t *testing.T) {
	for _, answer := range []string{"\x6E\x00", "\x6D\x00", "\x62\x83", "\x6A\x82"} {
		if _, err := authentic.Open(t.Context(), silent(answer)); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("% X: %v", answer, err)
		}
	}
	card, err := authentic.Open(t.Context(), silent("\x90\x00")) // yes to everything
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card.Info(t.Context()); !errors.Is(err, reader.ErrUnknownCard) {
		t.Errorf("a card that says yes to everything: %v", err)
	}
	if _, err := card.Unblock(t.Context(), []byte(officer), []byte("271828")); !errors.Is(err, iso7816.ErrMalformed) {
		t.Errorf("a card without a PUK: %v", err)
	}
}
