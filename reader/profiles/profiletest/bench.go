// Package profiletest is what the tests of the profiles share: a virtual card
// in a reader, the moments to take it out, and a card that says anything.
package profiletest

import (
	"context"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/simcard"
)

// Bench is a card in a reader.
type Bench struct {
	Card *simcard.Card
	Slot *simcard.Slot
	open Open
}

// Open is how a profile is opened.
type Open func(context.Context, iso7816.Transmitter) (reader.Card, error)

// New makes a card for a profile and puts it in.
func New(t testing.TB, open Open, cfg simcard.Config) Bench {
	t.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := Bench{card, simcard.NewSlot("Test reader"), open}
	b.Slot.Insert(card)
	return b
}

// Link powers the card until the test ends.
func (b Bench) Link(t testing.TB) reader.Link {
	t.Helper()
	link, err := b.Slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	return link
}

// TryOpen powers the card and opens its profile.
func (b Bench) TryOpen(t testing.TB) (reader.Card, error) {
	t.Helper()
	return b.open(t.Context(), b.Link(t))
}

// Open is TryOpen of a card that has the profile.
func (b Bench) Open(t testing.TB) reader.Card {
	t.Helper()
	card, err := b.TryOpen(t)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// Want is a check of what came of testing a secret, with the tries left where
// they matter.
func Want(t testing.TB, what string, result reader.Result, tries ...int) func(reader.Outcome, error) {
	t.Helper()
	return func(o reader.Outcome, err error) {
		t.Helper()
		if err != nil || o.Result != result || len(tries) > 0 && o.Tries != tries[0] {
			t.Errorf("%s: %+v, %v; want %v, tries %v", what, o, err, result, tries)
		}
	}
}

// Talker is a card that answers with what it holds, each answer behind its
// length, and in the end with silence.
type Talker []byte

// Transmit hears nothing and answers.
func (s *Talker) Transmit(context.Context, []byte) ([]byte, error) {
	if len(*s) == 0 {
		return nil, nil
	}
	n := min(int((*s)[0]), len(*s)-1)
	answer := append([]byte(nil), (*s)[1:1+n]...) // secrets in it are wiped
	*s = (*s)[1+n:]
	return answer, nil
}
