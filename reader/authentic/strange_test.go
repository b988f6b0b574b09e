package authentic_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/authentic"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// altered is a link to a card that answers an instruction, with one P2, by
// another status word.
type altered struct {
	reader.Link
	ins, p2 byte
	status  iso7816.Status
}

func (a altered) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if apdu[1] == a.ins && apdu[3] == a.p2 {
		return iso7816.Response{Status: a.status}.Bytes(), nil
	}
	return a.Link.Transmit(ctx, apdu)
}

// behind opens the card behind a link.
func behind(t *testing.T, link authentic.Transmitter) reader.Card {
	t.Helper()
	card, err := authentic.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

func TestACardOfAnotherMakeIsNotServed(t *testing.T) {
	for what, a := range map[string]altered{
		"no folder":   {nil, iso7816.InsSelect, 0x0C, iso7816.StatusNotFound},
		"no passcode": {nil, iso7816.InsVerify, 0x81, iso7816.StatusNoReference},
	} {
		a.Link = newBench(t, simcard.Config{}).Link(t)
		if _, err := behind(t, a).Info(t.Context()); !errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestACardWithoutAnOfficerIsReadAndNotUnlocked(t *testing.T) {
	card := behind(t, altered{newBench(t, simcard.Config{}).Link(t), iso7816.InsVerify, 0x84, iso7816.StatusNoReference})
	info, err := card.Info(t.Context())
	if err != nil || info.Tries != 3 || info.PUKTries != reader.Unknown {
		t.Errorf("%+v, %v", info, err)
	}
	var status iso7816.StatusError
	if _, err := card.Unblock(t.Context(), []byte(officer), []byte("271828")); !errors.As(err, &status) {
		t.Errorf("got %v", err)
	}
}

func TestACardMayInsistOnDescribingItsFiles(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Blocked})
	card := behind(t, altered{b.Link(t), iso7816.InsSelect, 0x0C, iso7816.StatusWrongP1P2})
	profiletest.Want(t, "the unlock", reader.OK, reader.Unknown)(card.Unblock(t.Context(), []byte(officer), []byte("271828")))
}

// The officer's PIN was right by then.
func TestWhatTheCardSaysOfItsPUK(t *testing.T) {
	saying := func(status iso7816.Status) (reader.Outcome, error) {
		card := behind(t, altered{newBench(t, simcard.Config{}).Link(t), iso7816.InsResetRetry, 0x01, status})
		return card.Unblock(t.Context(), []byte(officer), []byte("271828"))
	}
	for status, result := range map[iso7816.Status]reader.Result{
		iso7816.StatusTries: reader.Blocked, iso7816.StatusBlocked: reader.Blocked, iso7816.StatusWrongData: reader.Refused,
	} {
		if o, err := saying(status); err != nil || o.Result != result {
			t.Errorf("%v: %+v, %v", status, o, err)
		}
	}
	for _, status := range []iso7816.Status{iso7816.StatusTries | 2, iso7816.StatusNoCount, iso7816.StatusNotAllowed} {
		if o, err := saying(status); err == nil {
			t.Errorf("%v: %+v", status, o)
		}
	}
}

// keeper keeps the PUK as it came from the card.
type keeper struct {
	reader.Link
	puk []byte
}

func (k *keeper) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	answer, err := k.Link.Transmit(ctx, apdu)
	if apdu[1] == readBinary && err == nil {
		k.puk = answer[:len(answer)-2]
	}
	return answer, err
}

func TestThePUKIsForgotten(t *testing.T) {
	for _, quirks := range []simcard.Quirks{{}, {T0: true}} {
		b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
		k := &keeper{Link: b.Link(t)}
		profiletest.Want(t, "the unlock", reader.OK, reader.Unknown)(behind(t, k).Unblock(t.Context(), []byte(officer), []byte("271828")))
		if !bytes.Equal(k.puk, make([]byte, 16)) {
			t.Errorf("% X is left", k.puk)
		}
	}
}
