package piv_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pinpad/pinpadtest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func openAtKeys(t *testing.T, cfg simcard.Config) (*simcard.Card, *piv.Card, *pinpadtest.Reader) {
	t.Helper()
	b := newBench(t, cfg)
	link, err := b.Slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	keys := &pinpadtest.Reader{}
	measured := iso7816.NewMeter(pinpadtest.At(t.Context(), link, keys), time.Now)
	card, err := piv.Open(t.Context(), measured)
	if err != nil {
		t.Fatal(err)
	}
	return b.Card, card.(*piv.Card), keys
}

func TestPasscodesAreTypedAtTheReader(t *testing.T) {
	chip, card, keys := openAtKeys(t, simcard.Config{})
	for _, c := range []struct {
		name   string
		change bool
		typed  []pinpadtest.Typed
		want   reader.Outcome
		err    error
		tries  int
	}{
		{name: "wrong", typed: []pinpadtest.Typed{"000000"}, want: reader.Outcome{Result: reader.Wrong, Tries: 2}, tries: 2},
		{name: "nobody", err: reader.ErrPadTimeout, tries: 2},
		{name: "cancelled", typed: []pinpadtest.Typed{pinpadtest.Cancel}, err: reader.ErrPadCancelled, tries: 2},
		{name: "short", typed: []pinpadtest.Typed{"12345"}, err: reader.ErrPadLength, tries: 2},
		{name: "right", typed: []pinpadtest.Typed{"123456"}, want: reader.Outcome{Tries: reader.Unknown}, tries: 3},
		{name: "two new ones", change: true, typed: []pinpadtest.Typed{"123456", "271828", "314159"}, err: reader.ErrPadDiffer, tries: 3},
		{name: "old one wrong", change: true, typed: []pinpadtest.Typed{"000000", "27182818", "27182818"}, want: reader.Outcome{Result: reader.Wrong, Tries: 2}, tries: 2},
		{name: "changed", change: true, typed: []pinpadtest.Typed{"123456", "27182818", "27182818"}, want: reader.Outcome{Tries: reader.Unknown}, tries: 3},
		{name: "the new one", typed: []pinpadtest.Typed{"27182818"}, want: reader.Outcome{Tries: reader.Unknown}, tries: 3},
	} {
		keys.Keys = c.typed
		enter := card.VerifyAtPad
		if c.change {
			enter = func(ctx context.Context) (reader.Outcome, error) { return card.ChangeAtPad(ctx, piv.Rule()) }
		}
		got, err := enter(t.Context())
		got.Half = nil
		if got.Result != c.want.Result || err == nil && got.Tries != c.want.Tries || !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if tries := chip.Status().Tries; tries != c.tries {
			t.Errorf("%s: %d tries left", c.name, tries)
		}
	}
	if len(keys.Complaints) != 0 {
		t.Errorf("the reader complains: %q", keys.Complaints)
	}
}

func TestAReaderWithoutKeysHasNoneToTypeAt(t *testing.T) {
	b := newBench(t, simcard.Config{})
	card := b.Open(t).(*piv.Card)
	if _, err := card.VerifyAtPad(t.Context()); !errors.Is(err, reader.ErrNoPad) {
		t.Errorf("verify: %v", err)
	}
	if _, err := card.ChangeAtPad(t.Context(), piv.Rule()); !errors.Is(err, reader.ErrNoPad) {
		t.Errorf("change: %v", err)
	}
}
