package openpgp_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/profiles/profiletest"
)

// strange is a card that answers by rote: to commands by their beginning, in
// hex, to SELECT with yes, to others that it knows none.
type strange struct {
	answers map[string]string
	heard   []string
}

func (s *strange) Transmit(_ context.Context, apdu []byte) ([]byte, error) {
	command := hex.EncodeToString(apdu)
	s.heard = append(s.heard, command)
	if strings.HasPrefix(command, "00a4") {
		return []byte{0x90, 0x00}, nil
	}
	for begins, answer := range s.answers {
		if strings.HasPrefix(command, begins) {
			return hex.DecodeString(answer)
		}
	}
	return []byte{0x6A, 0x88}, nil
}

// tests counts the commands that had a secret in them.
func (s *strange) tests() (n int) {
	for _, command := range s.heard {
		if ins := command[2:4]; ins == "20" || ins == "24" || ins == "2c" {
			n++
		}
	}
	return n
}

// What a card with KDF and one without say, and their counters alone.
const (
	withKDF    = "4f10" + "d2760001240103040006010203040000" + "730c" + "c0017d" + "c407007f407f030002" + "9000"
	withoutKDF = "4f10" + "d2760001240102010005010203040000" + "730c" + "c0017c" + "c40700203f20030002" + "9000"
	counters   = "007f407f020002" + "9000"
)

func meet(t testing.TB, answers map[string]string) (reader.Card, *strange) {
	t.Helper()
	s := &strange{answers: answers}
	card, err := openpgp.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return card, s
}

// The card does not take the new secret: the old one was right, and stays.
func TestANewSecretThatTheCardRefuses(t *testing.T) {
	for status, result := range map[string]reader.Result{"6700": reader.Refused, "6a80": reader.Refused, "9000": reader.OK} {
		card, _ := meet(t, map[string]string{"00ca006e": withoutKDF, "0020": "9000", "0024": status, "002c": status})
		profiletest.Want(t, status+" to an unblock", result, reader.Unknown)(card.Unblock(t.Context(), []byte(admin), []byte("271828")))
		profiletest.Want(t, status+" to a change", result, reader.Unknown)(card.Change(t.Context(), []byte("123456"), []byte("271828")))
		profiletest.Want(t, status+" to another admin PIN", result, reader.Unknown)(card.ChangePUK(t.Context(), []byte(admin), []byte("035891932779")))
	}
}

// Nobody knows what became of the card when it answers so: also not that the
// secret was wrong, which it has just found right.
func TestAnswersThatSayNothingOfTheNewSecretAreErrors(t *testing.T) {
	for _, status := range []string{"6982", "6983", "63c2", "6985", "6a86", "6d00", "6f00", "6581"} {
		card, _ := meet(t, map[string]string{"00ca006e": withoutKDF, "00ca00c4": counters, "0020": "9000", "0024": status, "002c": status})
		for what, do := range map[string]func() (reader.Outcome, error){
			"unblock": func() (reader.Outcome, error) { return card.Unblock(t.Context(), []byte(admin), []byte("271828")) },
			"change":  func() (reader.Outcome, error) { return card.Change(t.Context(), []byte("123456"), []byte("271828")) },
			"admin": func() (reader.Outcome, error) {
				return card.ChangePUK(t.Context(), []byte(admin), []byte("035891932779"))
			},
		} {
			var unexpected iso7816.StatusError
			if o, err := do(); !errors.As(err, &unexpected) {
				t.Errorf("%s to %s: %+v, %v", status, what, o, err)
			}
		}
	}
}

// Whatever the card says to a wrong secret, its counters tell how many tries
// are left, of which one.
func TestWrongSecretsInEveryCardsWords(t *testing.T) {
	for _, status := range []string{"6982", "6983", "6300", "63c0", "63c1", "63cf", "6700", "6a80"} {
		for counter, c := range map[string]struct {
			passcode, admin reader.Result
			tries, left     int
		}{
			"007f407f020001": {reader.Wrong, reader.Wrong, 2, 1},
			"017f407f000301": {reader.Blocked, reader.Wrong, 0, 1},
			"007f407f0103ff": {reader.Wrong, reader.Wrong, 1, 255},
			"007f407f010300": {reader.Wrong, reader.Blocked, 1, 0},
		} {
			card, s := meet(t, map[string]string{"00ca006e": withoutKDF, "00ca00c4": counter + "9000", "0020": status})
			what := status + " with " + counter
			profiletest.Want(t, what, c.passcode, c.tries)(card.Verify(t.Context(), []byte("271828")))
			profiletest.Want(t, what, c.passcode, c.tries)(card.Change(t.Context(), []byte("271828"), []byte("123456")))
			profiletest.Want(t, what, c.admin, c.left)(card.Unblock(t.Context(), []byte(admin), []byte("271828")))
			profiletest.Want(t, what, c.admin, c.left)(card.ChangePUK(t.Context(), []byte(admin), []byte("035891932779")))
			if s.tests() != 4 {
				t.Errorf("%s: %d commands had a secret", what, s.tests())
			}
		}
	}
}

func TestAnswersThatSayNothingOfTheSecretAreErrors(t *testing.T) {
	for _, status := range []string{"6985", "6a86", "6a88", "6b00", "6d00", "6e00", "6f00", "6581", ""} {
		card, _ := meet(t, map[string]string{"00ca006e": withoutKDF, "00ca00c4": counters, "0020": status})
		if o, err := card.Verify(t.Context(), []byte("271828")); err == nil {
			t.Errorf("%q: %+v", status, o)
		}
	}
	for _, counters := range []string{"6a88", "6982", "9000", "007f407f0200" + "9000", "c407" + "007f407f0200" + "9000"} {
		card, _ := meet(t, map[string]string{"00ca006e": withoutKDF, "00ca00c4": counters, "0020": "6982"})
		if o, err := card.Verify(t.Context(), []byte("271828")); err == nil {
			t.Errorf("counters %q: %+v", counters, o)
		}
		if tries, err := card.Tries(t.Context()); err == nil {
			t.Errorf("counters %q: %d tries", counters, tries)
		}
	}
}

// silent answers every command with the same bytes.
type silent []byte

func (s silent) Transmit(context.Context, []byte) ([]byte, error) { return s, nil }

func TestACardThatTalksNonsenseIsNoOpenPGPCard(t *testing.T) {
	for _, answer := range []string{"\x6E\x00", "\x6D\x00", "\x62\x83", "\x62\x85", "\x6A\x82"} {
		if _, err := openpgp.Open(t.Context(), silent(answer)); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("% X: %v", answer, err)
		}
	}
	card, err := openpgp.Open(t.Context(), silent("\x90\x00")) // yes to everything
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card.Info(t.Context()); !errors.Is(err, reader.ErrUnknownCard) {
		t.Errorf("a card that says yes to everything: %v", err)
	}
	if _, err := card.Unblock(t.Context(), []byte(admin), []byte("271828")); err == nil {
		t.Error("and it is unblocked")
	}
}

// A card may say anything: it is believed where it makes sense, and never
// harms.
func FuzzCardThatSaysAnything(f *testing.F) {
	about, err := hex.DecodeString(withKDF)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("\x02\x90\x00\x02\x6A\x88"))
	f.Add(append([]byte("\x02\x90\x00"+string(byte(len(about)))), append(about, []byte("\x05\x81\x01\x00\x90\x00\x02\x90\x00\x02\x69\x82\x09\x00\x7F\x40\x7F\x02\x00\x02\x90\x00")...)...))
	f.Fuzz(func(t *testing.T, speech []byte) {
		card, err := openpgp.Open(t.Context(), new(profiletest.Talker(speech)))
		if err != nil {
			return
		}
		if info, err := card.Info(t.Context()); err == nil && (len(info.ID) != len("openpgp:")+12 || info.Tries < 0 || info.PUKTries < 0 || info.Rule.Min > info.Rule.Max) {
			t.Errorf("%+v", info)
		}
		if card, err = openpgp.Open(t.Context(), new(profiletest.Talker(speech))); err != nil {
			return
		}
		o, err := card.Unblock(t.Context(), []byte(admin), []byte("271828"))
		if err == nil && (o.Result == reader.Blocked) != (o.Tries == 0) {
			t.Errorf("%+v", o)
		}
	})
}
