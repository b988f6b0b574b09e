package pcsc_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func TestOnlyApprovedReadersAreUsed(t *testing.T) {
	r := newRig(t, "omnikey")
	p := r.await(t, "a reader", func(p reader.Presence) bool { return p.Reader != "" })
	if !p.Unapproved || p.Card {
		t.Errorf("presence %+v", p)
	}
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrNoReader) {
		t.Errorf("opening it: %v", err)
	}
}

func TestTheApprovedReaderIsFoundAmongOthers(t *testing.T) {
	r := newRig(t, "pcd 00 01")
	p := r.await(t, "a reader", empty)
	if !strings.HasSuffix(p.Reader, "00 01") {
		t.Errorf("presence %+v", p)
	}
	r.plug(t, 1, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
}

func TestAllReadersAreListed(t *testing.T) {
	r := newRig(t)
	r.await(t, "an empty reader", empty)
	if names, err := pcsc.Readers(); err != nil || !slices.Equal(names, r.stack.Readers) {
		t.Errorf("%q, %v", names, err)
	}
}

func TestEitherOfTwoReadersServesItsCard(t *testing.T) {
	r := newRig(t)
	r.await(t, "an empty reader", empty)
	pullSecond := r.plug(t, 1, newCard(t, simcard.Config{}))
	second := r.await(t, "the card in the second reader", in)
	if second.Reader != r.stack.Readers[1] {
		t.Fatalf("presence %+v", second)
	}
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	if link.Insertion() != second.Insertion {
		t.Errorf("insertion %x opened, %x seen", link.Insertion(), second.Insertion)
	}
	pullFirst := r.plug(t, 0, newCard(t, simcard.Config{}))
	r.spy(t, 0, scard.StatePresent)
	if _, err := piv.Open(t.Context(), link); err != nil {
		t.Errorf("with a card in the other reader: %v", err)
	}
	pullSecond()
	first := r.await(t, "the card in the first reader", func(p reader.Presence) bool { return p != second })
	if !in(first) || first.Reader != r.stack.Readers[0] || first.Insertion == second.Insertion {
		t.Errorf("presence %+v", first)
	}
	pullFirst()
	if p := r.await(t, "an empty reader", empty); p.Reader != first.Reader {
		t.Errorf("presence %+v", p)
	}
}
