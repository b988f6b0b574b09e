package appliance

import (
	"errors"
	"testing"

	"unlockpoint/reader"
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
