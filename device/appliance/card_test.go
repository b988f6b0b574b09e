package appliance

import (
	"errors"
	"testing"

	"unlockpoint/reader"
)

func TestACardThatWasSwappedBeforeItWasOpenedIsNotServed(t *testing.T) {
	b := newBench(t, current, 0)
	b.number = b.visit.link.Insertion()
	if _, err := b.openCard(t.Context()); err != nil {
		t.Fatalf("the card that the loop saw: %v", err)
	}
	b.release()
	b.slot.Remove()
	b.slot.Insert(b.card)
	if _, err := b.openCard(t.Context()); !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("another insertion: %v", err)
	}
}
