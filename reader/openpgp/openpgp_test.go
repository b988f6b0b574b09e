package openpgp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

const admin = "12345678"

func newBench(t testing.TB, cfg simcard.Config) profiletest.Bench {
	t.Helper()
	cfg.Profiles = []string{openpgp.Profile}
	return profiletest.New(t, openpgp.Open, cfg)
}

func TestWhatTheCardSaysOfItself(t *testing.T) {
	b := newBench(t, simcard.Config{})
	info, err := b.Open(t).Info(t.Context())
	if err != nil || info.ID != b.Card.Status().CardID || !strings.HasPrefix(info.ID, "openpgp:fffe") {
		t.Errorf("%+v, %v", info, err)
	}
	if info.Tries != 3 || info.PUKTries != 3 || !info.Rotates || info.Proves || info.Rule != (reader.Rule{Min: 6, Max: 32}) {
		t.Errorf("%+v", info)
	}
	if info.NotAfter.Before(time.Now()) {
		t.Errorf("valid until %v", info.NotAfter)
	}
	if n := b.Card.Status().Total(); n != 4 {
		t.Errorf("%d commands: %v", n, b.Card.Status().Commands)
	}
}

// Digests have one length, whatever they are of.
func TestACardWithKDFTakesLongPasscodes(t *testing.T) {
	b := newBench(t, simcard.Config{Quirks: simcard.Quirks{KDF: true}})
	card := b.Open(t)
	info, err := card.Info(t.Context())
	if err != nil || info.Rule != (reader.Rule{Min: 6, Max: 127}) {
		t.Errorf("%+v, %v", info, err)
	}
	long := strings.Repeat("My pass 1 ", 10)
	profiletest.Want(t, "a long one", reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), []byte(long)))
	if !b.Card.Verify(long) {
		t.Error("it is not taken")
	}
}

func TestAnExpiredCardSaysSo(t *testing.T) {
	info, err := newBench(t, simcard.Config{Kind: simcard.Expired}).Open(t).Info(t.Context())
	if err != nil || !info.NotAfter.Before(time.Now()) {
		t.Errorf("%+v, %v", info, err)
	}
}

// Every habit leads to the same unlock, and the card gets another admin PIN.
func TestABlockedCardIsUnlockedInThreeCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain": {}, "in parts": {Parts: true}, "T=0": {T0: true}, "short": {ShortOnly: true}, "KDF": {KDF: true},
		"tells tries": {TellsTries: true}, "counts to zero": {TellsTries: true, CountsToZero: true},
		"tells blocked": {TellsBlocked: true}, "never counts": {NeverCounts: true}, "form first": {FormFirst: true},
		"resetting code": {ResettingCode: true},
	} {
		b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
		card := b.Open(t)
		chosen := b.Card.Status().Total()
		if _, err := card.Info(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Card.ResetCounts()
		profiletest.Want(t, name, reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), []byte("My pass 1")))
		if n := chosen + b.Card.Status().Total(); n != 3 || !b.Card.Verify("My pass 1") {
			t.Errorf("%s: %d commands, %+v", name, n, b.Card.Status())
		}
		profiletest.Want(t, name+": another admin PIN", reader.OK, reader.Unknown)(card.ChangePUK(t.Context(), []byte(admin), []byte("035891932779")))
		profiletest.Want(t, name+": with it", reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte("035891932779"), []byte("271828")))
		if tries, err := card.Tries(t.Context()); err != nil || tries != 3 {
			t.Errorf("%s: %d tries left, %v", name, tries, err)
		}
	}
}

// Nobody sends a card a secret before it is known how it wants it.
func TestACardThatWasNotReadIsReadFirst(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{"plain": {}, "KDF": {KDF: true}} {
		b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
		profiletest.Want(t, name, reader.OK, reader.Unknown)(b.Open(t).Unblock(t.Context(), []byte(admin), []byte("271828")))
		if n := b.Card.Status().Total(); n != 5 {
			t.Errorf("%s: %d commands: %v", name, n, b.Card.Status().Commands)
		}
	}
}

func TestWrongSecretsCostTries(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain": {}, "KDF": {KDF: true}, "tells tries": {TellsTries: true}, "tells blocked": {TellsBlocked: true},
		"counts to zero": {TellsTries: true, CountsToZero: true}, "never counts": {TellsTries: true, NeverCounts: true},
	} {
		b := newBench(t, simcard.Config{Quirks: quirks})
		card := b.Open(t)
		profiletest.Want(t, name+": a wrong passcode", reader.Wrong, 2)(card.Verify(t.Context(), []byte("000000")))
		profiletest.Want(t, name+": a wrong old passcode", reader.Wrong, 1)(card.Change(t.Context(), []byte("1234567"), []byte("271828"))) // begins right
		profiletest.Want(t, name+": the last one", reader.Blocked, 0)(card.Verify(t.Context(), []byte("000000")))
		profiletest.Want(t, name+": the right one, too late", reader.Blocked, 0)(card.Verify(t.Context(), []byte("123456")))
		for left := 2; left >= 0; left-- {
			result := map[bool]reader.Result{true: reader.Wrong, false: reader.Blocked}[left > 0]
			profiletest.Want(t, name+": a wrong admin PIN", result, left)(card.Unblock(t.Context(), []byte("87654321"), []byte("271828")))
		}
		profiletest.Want(t, name+": the right one, too late", reader.Blocked, 0)(card.ChangePUK(t.Context(), []byte(admin), []byte("035891932779")))
	}
}

func TestAPasscodeIsChanged(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{"plain": {}, "KDF": {KDF: true}} {
		b := newBench(t, simcard.Config{Quirks: quirks})
		card := b.Open(t)
		profiletest.Want(t, name, reader.OK, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte("a~ b c")))
		if !b.Card.Verify("a~ b c") {
			t.Errorf("%s: the new one is not taken", name)
		}
	}
}

// The card would cut old and new apart where its own secret ends, find it
// right, and set one that nobody typed.
func TestAnOldSecretThatOnlyBeginsRightIsWrong(t *testing.T) {
	for _, quirks := range []simcard.Quirks{{}, {KDF: true}} {
		b := newBench(t, simcard.Config{Quirks: quirks})
		card := b.Open(t)
		profiletest.Want(t, "a passcode", reader.Wrong, 2)(card.Change(t.Context(), []byte("1234567"), []byte("271828")))
		profiletest.Want(t, "an admin PIN", reader.Wrong, 2)(card.ChangePUK(t.Context(), []byte(admin+"9"), []byte("035891932779")))
		profiletest.Want(t, "both are as they were", reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), []byte("123456")))
	}
}

func TestSecretsThatDoNotFitAreNotSent(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	b.Card.ResetCounts()
	for _, passcode := range []string{"", "12345", strings.Repeat("1", 128), "caf\xe9 noir", "123456\x00"} {
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), []byte(passcode)))
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte(passcode)))
		profiletest.Want(t, fmt.Sprintf("%q", passcode), reader.Refused, reader.Unknown)(card.Verify(t.Context(), []byte(passcode)))
	}
	profiletest.Want(t, "a short admin PIN", reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte("1234567"), []byte("271828")))
	if n := b.Card.Status().Total(); n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}

// What is too long for this card is not sent either, as the card says how long
// its secrets are.
func TestSecretsThatAreTooLongForThisCardAreNotSent(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Blocked})
	card := b.Open(t)
	if _, err := card.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Card.ResetCounts()
	long := []byte(strings.Repeat("1", 33))
	profiletest.Want(t, "a passcode", reader.Refused, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), long))
	profiletest.Want(t, "an admin PIN", reader.Refused, reader.Unknown)(card.Unblock(t.Context(), long, []byte("271828")))
	profiletest.Want(t, "a new admin PIN", reader.Refused, reader.Unknown)(card.ChangePUK(t.Context(), []byte(admin), long))
	profiletest.Want(t, "an old passcode", reader.Refused, reader.Unknown)(card.Change(t.Context(), long, []byte("271828")))
	if n := b.Card.Status().Total(); n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}

func TestACardProvesNothing(t *testing.T) {
	if proof, err := newBench(t, simcard.Config{}).Open(t).Prove(t.Context(), [32]byte{}); !errors.Is(err, reader.ErrNoProof) {
		t.Errorf("%+v, %v", proof, err)
	}
}
