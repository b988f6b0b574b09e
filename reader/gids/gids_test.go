package gids_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// adminKey is the key of the cards here, which the terminal never has.
const adminKey = "0123456789abcdeffedcba98765432100f1e2d3c4b5a6978"

func newBench(t testing.TB, cfg simcard.Config) profiletest.Bench {
	t.Helper()
	cfg.Profiles = []string{gids.Profile}
	if cfg.PUK == "" {
		cfg.PUK = adminKey
	}
	return profiletest.New(t, gids.Open, cfg)
}

var digest = sha256.Sum256([]byte("nonce"))

// server answers a card's challenge with the key.
func server(t testing.TB, key string, proof reader.Proof) []byte {
	t.Helper()
	answer, err := gids.Answer(unhex(t, key), gids.Challenge(digest), proof.Challenge)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func prove(t testing.TB, card reader.Card) reader.Proof {
	t.Helper()
	proof, err := card.Prove(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// want returns a check of an outcome.
func want(t testing.TB, result reader.Result, tries ...int) func(reader.Outcome, error) {
	t.Helper()
	return profiletest.Want(t, "outcome", result, tries...)
}

func TestACardSaysWhatItIsWithinSixCommands(t *testing.T) {
	b := newBench(t, simcard.Config{RSA: true}) // a certificate of three parts
	info, err := b.Open(t).Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	status := b.Card.Status()
	if info.Profile != "gids" || info.ID != status.CardID || !strings.HasPrefix(info.ID, "gids:") || len(info.ID) != 5+32 {
		t.Errorf("info %+v", info)
	}
	if info.Tries != 3 || info.PUKTries != reader.Unknown || info.Proves || !info.Asks || info.Rotates || info.Factory {
		t.Errorf("info %+v", info)
	}
	if info.Rule != (reader.Rule{Min: 4, Max: 16}) {
		t.Errorf("rule %+v", info.Rule)
	}
	if info.NotAfter.Before(time.Now()) || info.NotBefore.After(time.Now()) || info.NotBefore.IsZero() {
		t.Errorf("in force from %v to %v", info.NotBefore, info.NotAfter)
	}
	if n := status.Total(); n != 6 {
		t.Errorf("%d commands: %v", n, status.Commands)
	}
}

func TestAnExpiredCardSaysSo(t *testing.T) {
	for _, rsa := range []bool{false, true} {
		b := newBench(t, simcard.Config{Kind: simcard.Expired, RSA: rsa})
		info, err := b.Open(t).Info(t.Context())
		if err != nil || info.NotAfter.IsZero() || info.NotAfter.After(time.Now()) || info.Tries != 0 {
			t.Errorf("%+v, %v", info, err)
		}
	}
}

func TestOtherCardsAreNoGIDSCards(t *testing.T) {
	for _, kind := range []simcard.Kind{simcard.Unknown, simcard.Unsupported} {
		if _, err := newBench(t, simcard.Config{Kind: kind}).TryOpen(t); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// Every habit that real cards have in answering leads to the same unlock, and
// both ends know each other afterwards.
func TestABlockedCardIsUnlockedInFiveCommands(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":          {},
		"parts":          {Parts: true},
		"short":          {ShortOnly: true},
		"counts to zero": {CountsToZero: true},
		"never counts":   {NeverCounts: true},
		"form first":     {FormFirst: true},
		"counts the key": {CountsAdmin: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
			card := b.Open(t)
			proof := prove(t, card)
			if proof.Signature != nil || proof.Certificate != nil || len(proof.Challenge) != 16 {
				t.Errorf("proof %+v", proof)
			}
			o, err := card.Unblock(t.Context(), server(t, adminKey, proof), []byte("a new Pass~ 1"))
			want(t, reader.OK)(o, err)
			if n := b.Card.Status().Total(); n != 5 && !quirks.Parts { // parts: one more to fetch each answer
				t.Errorf("%d commands: %v", n, b.Card.Status().Commands)
			}
			if !gids.HalfHolds(unhex(t, adminKey), gids.Challenge(digest), proof.Challenge, o.Half) {
				t.Errorf("the card's half %x does not hold", o.Half)
			}
			if tries, err := card.Tries(t.Context()); err != nil || tries != 3 {
				t.Errorf("tries %d, %v", tries, err)
			}
			if !b.Card.Verify("a new Pass~ 1") {
				t.Error("the new passcode does not work")
			}
		})
	}
}

func TestWrongPasscodesCostTriesUntilTheCardBlocks(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"plain":          {},
		"counts to zero": {CountsToZero: true},
		"never counts":   {NeverCounts: true},
	} {
		t.Run(name, func(t *testing.T) {
			card, ctx := newBench(t, simcard.Config{Quirks: quirks}).Open(t), t.Context()
			want(t, reader.Wrong, 2)(card.Verify(ctx, []byte("000000")))
			want(t, reader.OK)(card.Verify(ctx, []byte("123456")))
			want(t, reader.Wrong, 2)(card.Change(ctx, []byte("000000"), []byte("271828")))
			want(t, reader.Wrong, 1)(card.Verify(ctx, []byte("000000")))
			want(t, reader.Blocked, 0)(card.Verify(ctx, []byte("000000")))
			want(t, reader.Blocked, 0)(card.Verify(ctx, []byte("123456")))
			want(t, reader.Blocked, 0)(card.Change(ctx, []byte("123456"), []byte("271828")))
			if tries, err := card.Tries(ctx); err != nil || tries != 0 {
				t.Errorf("tries %d, %v", tries, err)
			}
		})
	}
}

func TestAPasscodeIsChanged(t *testing.T) {
	b := newBench(t, simcard.Config{PIN: "1234"})
	card, ctx := b.Open(t), t.Context()
	want(t, reader.OK)(card.Change(ctx, []byte("1234"), []byte("sixteen letters!")))
	want(t, reader.OK)(card.Change(ctx, []byte("sixteen letters!"), []byte("2718")))
	if !b.Card.Verify("2718") {
		t.Error("the new passcode does not work")
	}
	if _, err := card.ChangePUK(ctx, nil, nil); !errors.Is(err, reader.ErrFixedPUK) {
		t.Errorf("admin key: %v", err)
	}
}

// The card would cut old and new apart where its own passcode ends, find it
// right, and set a passcode that nobody typed.
func TestAnOldPasscodeThatOnlyBeginsRightIsWrong(t *testing.T) {
	for _, old := range []string{"12345", "123456789", "12345678"} {
		b := newBench(t, simcard.Config{PIN: "1234"})
		want(t, reader.Wrong, 2)(b.Open(t).Change(t.Context(), []byte(old), []byte("271828")))
		if !b.Card.Verify("1234") {
			t.Errorf("%s changed the passcode", old)
		}
	}
	b := newBench(t, simcard.Config{PIN: "12345678"})
	want(t, reader.Wrong, 2)(b.Open(t).Change(t.Context(), []byte("1234"), []byte("5678abcd")))
	if !b.Card.Verify("12345678") {
		t.Error("half a passcode changed it")
	}
}

func TestPasscodesThatDoNotFitAreNotSent(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card, ctx := b.Open(t), t.Context()
	answer := server(t, adminKey, prove(t, card))
	b.Card.ResetCounts()
	for _, passcode := range []string{"", "123", "12345678901234567", "pass\x7Fcode", "pässcode", "12\x0034"} {
		want(t, reader.Refused, reader.Unknown)(card.Unblock(ctx, answer, []byte(passcode)))
		want(t, reader.Refused, reader.Unknown)(card.Change(ctx, []byte("123456"), []byte(passcode)))
	}
	for _, passcode := range []string{"", "123", "12345678901234567"} {
		want(t, reader.Refused, reader.Unknown)(card.Verify(ctx, []byte(passcode)))
		want(t, reader.Refused, reader.Unknown)(card.Change(ctx, []byte(passcode), []byte("271828")))
	}
	want(t, reader.Refused, reader.Unknown)(card.Unblock(ctx, answer[:39], []byte("271828")))
	if n := b.Card.Status().Total(); n != 0 {
		t.Errorf("%d commands: %v", n, b.Card.Status().Commands)
	}
	// Nothing was sent: the challenge is still open.
	want(t, reader.OK)(card.Unblock(ctx, answer, []byte("271828")))
}

func TestAnAnswerUnderAnotherKeyIsWrong(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Blocked})
	card, ctx := b.Open(t), t.Context()
	other := "010203040506070801020304050607080102030405060708"
	want(t, reader.Wrong, reader.Unknown)(card.Unblock(ctx, server(t, other, prove(t, card)), []byte("271828")))
	if s := b.Card.Status(); s.Tries != 0 || s.PUKTries != 3 {
		t.Errorf("%+v", s)
	}
	want(t, reader.OK)(card.Unblock(ctx, server(t, adminKey, prove(t, card)), []byte("271828")))
}

func TestACardThatCountsAnswersBlocksItsKey(t *testing.T) {
	other := "010203040506070801020304050607080102030405060708"
	b := newBench(t, simcard.Config{Quirks: simcard.Quirks{CountsAdmin: true}})
	card, ctx := b.Open(t), t.Context()
	want(t, reader.Wrong, 2)(card.Unblock(ctx, server(t, other, prove(t, card)), []byte("271828")))
	want(t, reader.Wrong, 1)(card.Unblock(ctx, server(t, other, prove(t, card)), []byte("271828")))
	want(t, reader.Blocked, 0)(card.Unblock(ctx, server(t, other, prove(t, card)), []byte("271828")))
	used := newBench(t, simcard.Config{Kind: simcard.PUKUsedUp}).Open(t)
	want(t, reader.Blocked, 0)(used.Unblock(ctx, server(t, adminKey, prove(t, used)), []byte("271828")))
}

// Whatever is sent after the challenge closes it, whether or not this card
// would mind.
func TestNothingComesBetweenChallengeAndAnswer(t *testing.T) {
	for name, between := range map[string]func(context.Context, reader.Card){
		"Info":    func(ctx context.Context, c reader.Card) { c.Info(ctx) },
		"Tries":   func(ctx context.Context, c reader.Card) { c.Tries(ctx) },
		"Verify":  func(ctx context.Context, c reader.Card) { c.Verify(ctx, []byte("123456")) },
		"Change":  func(ctx context.Context, c reader.Card) { c.Change(ctx, []byte("123456"), []byte("123456")) },
		"Unblock": func(ctx context.Context, c reader.Card) { c.Unblock(ctx, make([]byte, 40), []byte("123456")) },
	} {
		b := newBench(t, simcard.Config{})
		card := b.Open(t)
		answer := server(t, adminKey, prove(t, card))
		between(t.Context(), card)
		b.Card.ResetCounts()
		if o, err := card.Unblock(t.Context(), answer, []byte("271828")); !errors.Is(err, gids.ErrNotAsked) {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
		if n := b.Card.Status().Total(); n != 0 {
			t.Errorf("%s: %d commands sent", name, n)
		}
	}
	if _, err := newBench(t, simcard.Config{}).Open(t).Unblock(t.Context(), make([]byte, 40), []byte("271828")); !errors.Is(err, gids.ErrNotAsked) {
		t.Errorf("without a challenge: %v", err)
	}
}

// Somebody else's reset ends the exchange; it is not a wrong key.
func TestAnAnswerToACardThatForgotIsAnError(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t)
	answer := server(t, adminKey, prove(t, card))
	b.Card.Reset()
	if o, err := card.Unblock(t.Context(), answer, []byte("271828")); err == nil {
		t.Errorf("outcome %+v", o)
	}
	if !b.Card.Verify("123456") {
		t.Error("the passcode changed")
	}
}

func TestTwoChallengesAreTwo(t *testing.T) {
	card := newBench(t, simcard.Config{}).Open(t)
	first, second := prove(t, card), prove(t, card)
	if bytes.Equal(first.Challenge, second.Challenge) {
		t.Error("the card repeats itself")
	}
	want(t, reader.Wrong)(card.Unblock(t.Context(), server(t, adminKey, first), []byte("271828")))
}

// script answers in turn, whatever is asked, and with the last for ever.
type script []string

func (s *script) Transmit(context.Context, []byte) ([]byte, error) {
	answer, err := hex.DecodeString((*s)[0])
	if len(*s) > 1 {
		*s = (*s)[1:]
	}
	return answer, err
}

func TestCardsThatAreOnlyAlmostOurs(t *testing.T) {
	ctx := t.Context()
	for answer, want := range map[string]error{
		"6a82": reader.ErrUnknownCard,
		"6e00": reader.ErrUnknownCard,
		"6283": reader.ErrUnknownCard,
		"61124f0ba00000039742544659010173034001c09000": reader.ErrUnsupported,
	} {
		if _, err := gids.Open(ctx, &script{answer}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", answer, err, want)
		}
	}
	for name, says := range map[string]string{
		"never initialised": "6a82",
		"no name":           "df20109000",
		"a blank name":      "df2010000000000000000000000000000000009000",
		"a short name":      "df20020102" + "9000",
	} {
		card, err := gids.Open(ctx, &script{"9000", says})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := card.Info(ctx); err == nil || name != "no name" && !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

const named = "df2010000102030405060708090a0b0c0d0e0f9000"

func TestACardWithoutCounterOrCertificateIsStillServed(t *testing.T) {
	for name, s := range map[string]script{
		"nothing":                 {"9000", named, "6a88"},
		"no files":                {"9000", named, "7f71069701029301039000", "6a82"},
		"nonsense":                {"9000", named, "7f71069701029301039000", "9000"},
		"an early card's counter": {"9000", named, "7f71049f1701029000", "6a82"},
		"an error of its own":     {"9000", named, "7f71069701029301039000", "6f00"},
		"a list that names none":  {"9000", named, "7f71069701029301039000", "df1f01019000"},
		"a certificate elsewhere": {"9000", named, "7f71069701029301039000", masterFile + "9000", "6a88"},
		"an empty certificate":    {"9000", named, "7f71069701029301039000", masterFile + "9000", "9000"},
	} {
		card, err := gids.Open(t.Context(), &s)
		if err != nil {
			t.Fatal(err)
		}
		info, err := card.Info(t.Context())
		want := 2
		if name == "nothing" {
			want = reader.Unknown
		}
		if err != nil || info.Tries != want || !info.NotBefore.IsZero() || !info.NotAfter.IsZero() {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

func TestACounterThatIsNoneIsAnError(t *testing.T) {
	for _, answer := range []string{"9000", "7f71009000", "7f710497020003" + "9000", "7f71029701" + "9000", "6f00"} {
		card, err := gids.Open(t.Context(), &script{"9000", answer})
		if err != nil {
			t.Fatal(err)
		}
		if tries, err := card.Tries(t.Context()); err == nil {
			t.Errorf("%s: %d", answer, tries)
		}
	}
}

// masterFile lists a certificate, and nothing else.
var masterFile = "df1f1d01" + hex.EncodeToString([]byte("mscp\x00\x00\x00\x00\x00kxc00\x00\x00\x00\x00\x00\x00\x24\xDF\x00\x00\x10\xA0\x00\x00"))

func TestCardsThatCannotPlayTheMutualFormHaveNoProof(t *testing.T) {
	for name, s := range map[string]script{
		"no admin key":     {"9000", "6a88"},
		"only single form": {"9000", "9000", "6984"},
	} {
		card, err := gids.Open(t.Context(), &s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := card.Prove(t.Context(), digest); !errors.Is(err, reader.ErrNoProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, answer := range map[string]string{"short": "7c0a81080102030405060708" + "9000", "empty": "9000", "of another kind": "7c0282009000"} {
		card, err := gids.Open(t.Context(), &script{"9000", "9000", answer})
		if err != nil {
			t.Fatal(err)
		}
		if proof, err := card.Prove(t.Context(), digest); err == nil {
			t.Errorf("%s: %+v", name, proof)
		}
	}
}

// A card that takes the answer and shows no half is not told a passcode.
func TestAPasscodeGoesToACardWithAHalfOnly(t *testing.T) {
	challenge := "7c1281100102030405060708090a0b0c0d0e0f10" + "9000"
	for name, half := range map[string]string{"none": "9000", "short": "7c0482020102" + "9000"} {
		s := &script{"9000", "9000", challenge, half, "9000"}
		card, err := gids.Open(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		prove(t, card)
		if o, err := card.Unblock(t.Context(), make([]byte, 40), []byte("271828")); err == nil {
			t.Errorf("%s: %+v", name, o)
		}
		if len(*s) != 1 || (*s)[0] != "9000" {
			t.Errorf("%s: %v was left", name, *s)
		}
	}
}

// A card that does not understand the answer has not refused a passcode.
func TestAnAnswerThatIsNotUnderstoodIsAnError(t *testing.T) {
	challenge := "7c1281100102030405060708090a0b0c0d0e0f10" + "9000"
	for _, status := range []string{"6a80", "6984", "6985", "6f00"} {
		card, err := gids.Open(t.Context(), &script{"9000", "9000", challenge, status})
		if err != nil {
			t.Fatal(err)
		}
		prove(t, card)
		if o, err := card.Unblock(t.Context(), make([]byte, 40), []byte("271828")); err == nil {
			t.Errorf("%s: %+v", status, o)
		}
	}
}

// The half is told also where the card did not like the passcode.
func TestTheHalfIsToldWithARefusal(t *testing.T) {
	challenge, half := "7c1281100102030405060708090a0b0c0d0e0f10"+"9000", strings.Repeat("5a", 40)
	card, err := gids.Open(t.Context(), &script{"9000", "9000", challenge, "7c2a8228" + half + "9000", "6700"})
	if err != nil {
		t.Fatal(err)
	}
	prove(t, card)
	o, err := card.Unblock(t.Context(), make([]byte, 40), []byte("271828"))
	want(t, reader.Refused)(o, err)
	if hex.EncodeToString(o.Half) != half {
		t.Errorf("half %x", o.Half)
	}
}
