package isoapplet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

const puk = "1234567812345678"

func newBench(t testing.TB, cfg simcard.Config) profiletest.Bench {
	t.Helper()
	cfg.Profiles = []string{isoapplet.Profile}
	return profiletest.New(t, isoapplet.Open, cfg)
}

func TestWhatTheCardSaysOfItself(t *testing.T) {
	b := newBench(t, simcard.Config{})
	info, err := b.Open(t).Info(t.Context())
	if err != nil || info.ID != b.Card.Status().CardID || !strings.HasPrefix(info.ID, "isoapplet:47905073") {
		t.Errorf("%+v, %v", info, err)
	}
	if info.Tries != 3 || info.PUKTries != reader.Unknown || info.Rotates || info.Proves || info.Asks {
		t.Errorf("%+v", info)
	}
	if n := b.Card.Status().Total(); n != 5 {
		t.Errorf("%d commands", n)
	}
}

// Every habit leads to the same unlock: SELECT and one command.
func TestABlockedCardIsUnlockedInTwoCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{"plain": {}, "in parts": {Parts: true}, "T=0": {T0: true}, "short": {ShortOnly: true}} {
		b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
		card := b.Open(t)
		b.Card.ResetCounts()
		profiletest.Want(t, name, reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(puk), []byte("My pass 1")))
		if n := b.Card.Status().Total(); n != 1 || !b.Card.Verify("My pass 1") {
			t.Errorf("%s: %d commands, %+v", name, n, b.Card.Status())
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
		profiletest.Want(t, "a wrong PUK", map[bool]reader.Result{true: reader.Wrong, false: reader.Blocked}[left > 0], left)(card.Unblock(t.Context(), []byte("8765432187654321"), []byte("271828")))
	}
}

func TestAPasscodeIsChanged(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	profiletest.Want(t, "the change", reader.OK, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte("a~ b")))
	profiletest.Want(t, "the new one", reader.OK, reader.Unknown)(card.Verify(t.Context(), []byte("a~ b")))
	if tries, err := card.Tries(t.Context()); err != nil || tries != 3 {
		t.Errorf("a verified card tells %d tries, %v", tries, err)
	}
}

// What the card could not hold, or nobody could type again, is not sent.
func TestSecretsThatDoNotFitAreNotSent(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	b.Card.ResetCounts()
	for _, passcode := range []string{"", "123", "12345678901234567", "caf\xe9s", "1234\x00"} {
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte(puk), []byte(passcode)))
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte(passcode)))
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Verify(t.Context(), []byte(passcode)))
	}
	profiletest.Want(t, "a short PUK", reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte("12345678"), []byte("271828")))
	if n := b.Card.Status().Total(); n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}

func TestWhatTheCardCannotDo(t *testing.T) {
	card := newBench(t, simcard.Config{}).Open(t)
	if _, err := card.ChangePUK(t.Context(), []byte(puk), []byte(puk)); !errors.Is(err, reader.ErrFixedPUK) {
		t.Errorf("another PUK: %v", err)
	}
	if _, err := card.Prove(t.Context(), [32]byte{}); !errors.Is(err, reader.ErrNoProof) {
		t.Errorf("a proof: %v", err)
	}
}

// deaf is a link to a card that answers one instruction with a status word,
// whatever it would have said.
type deaf struct {
	reader.Link
	ins    byte
	status iso7816.Status
}

func (d deaf) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if apdu[1] == d.ins {
		return iso7816.Response{Status: d.status}.Bytes(), nil
	}
	return d.Link.Transmit(ctx, apdu)
}

func TestAnAppletThatNobodySetUpIsNotServed(t *testing.T) {
	b := newBench(t, simcard.Config{})
	link, err := b.Slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	card, err := isoapplet.Open(t.Context(), deaf{link, iso7816.InsVerify, iso7816.StatusOK})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card.Info(t.Context()); !errors.Is(err, reader.ErrUnknownCard) {
		t.Errorf("got %v", err)
	}
}

// silent answers every command with the same bytes.
type silent []byte

func (s silent) Transmit(context.Context, []byte) ([]byte, error) { return s, nil }

func TestACardThatTalksNonsenseIsNoIsoApplet(t *testing.T) {
	for _, answer := range []string{"\x6E\x00", "\x6D\x00", "\x62\x83", "\x6A\x82"} {
		if _, err := isoapplet.Open(t.Context(), silent(answer)); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("% X: %v", answer, err)
		}
	}
	card, err := isoapplet.Open(t.Context(), silent("\x90\x00")) // yes to everything
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card.Info(t.Context()); !errors.Is(err, reader.ErrUnknownCard) {
		t.Errorf("a card that says yes to everything: %v", err)
	}
}
