package appliance

import (
	"errors"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/display"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
)

func TestAWithdrawnGenerationIsNotServed(t *testing.T) {
	b := newBench(t, current, 0)
	b.number = b.visit.link.Insertion()
	for pattern, served := range map[string]bool{"3b80800101": false, "3B80*": false, "3b81*": true, "": true} {
		b.a.cfg.Withdrawn = []string{pattern}
		if err := b.openCard(t.Context()); errors.Is(err, reader.ErrUnsupported) == served {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

func TestACardThatWasSwappedBeforeItWasOpenedIsNotServed(t *testing.T) {
	b := newBench(t, current, 0)
	b.number = b.visit.link.Insertion()
	if err := b.openCard(t.Context()); err != nil {
		t.Fatalf("the card that the loop saw: %v", err)
	}
	b.release()
	b.slot.Remove()
	b.slot.Insert(b.card)
	if err := b.openCard(t.Context()); !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("another insertion: %v", err)
	}
}

// The last try stays announced after a slip: on a card that refuses 5 digits
// and spends none on them, and on one that says no more than "wrong".
func TestTheLastTryIsKnownAfterASlip(t *testing.T) {
	wrong := display.NewSecret("73910")
	for name, c := range map[string]struct {
		says iso7816.Status // to the command, which it does not do; 0: what it says itself
		slip func(*bench) (ok bool, left int)
	}{
		"5 digits": {slip: func(b *bench) (bool, int) {
			got := b.verify(t.Context(), journey.VerifyPasscode{Passcode: wrong.Clone()})
			return got.OK, got.TriesLeft
		}},
		"no count of a passcode": {says: iso7816.StatusNoCount, slip: func(b *bench) (bool, int) {
			got := b.verify(t.Context(), journey.VerifyPasscode{Passcode: wrong.Clone()})
			return got.OK, got.TriesLeft
		}},
		"no count of an old one": {says: iso7816.StatusNoCount, slip: func(b *bench) (bool, int) {
			got := b.change(t.Context(), journey.ChangePasscode{Old: wrong.Clone(), New: display.NewSecret(newPIN)})
			return got.OK, got.TriesLeft
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, current, 0)
			for left := 2; left > 0; left-- {
				if got := b.verify(t.Context(), journey.VerifyPasscode{Passcode: display.NewSecret("000000")}); got.TriesLeft != left {
					t.Fatalf("%+v", got)
				}
			}
			h := &hand{Link: b.visit.link, card: b.card, fate: fate{says: c.says}}
			var err error
			if b.visit.card, err = piv.Open(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			if c.says != 0 {
				h.left = 1
			}
			if ok, left := c.slip(b); ok || left != 1 {
				t.Errorf("ok %v, %d tries left, want 1", ok, left)
			}
		})
	}
}
