package pcsc_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func TestACardIsUnlockedThroughTheRealService(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{Kind: simcard.Blocked})
	r.await(t, "an empty reader", empty)
	r.plug(t, 0, card)
	seen := r.await(t, "the card", in)

	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if link.Insertion() != seen.Insertion {
		t.Errorf("insertion %x opened, %x seen", link.Insertion(), seen.Insertion)
	}
	if _, ok := link.(reader.PinPad); ok {
		t.Error("vpcd's reader has keys")
	}
	p, err := piv.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	info, err := p.Info(t.Context())
	if err != nil || info.Tries != 0 || info.ID != card.Status().CardID || !info.Proves {
		t.Fatalf("info %+v, %v", info, err)
	}
	if _, err := p.Prove(t.Context(), sha256.Sum256(nil)); err != nil {
		t.Error(err)
	}
	if o, err := p.Unblock(t.Context(), []byte("12345678"), []byte("271828")); err != nil || o.Result != reader.OK {
		t.Fatalf("unblock %+v, %v", o, err)
	}
	if tries, err := p.Tries(t.Context()); err != nil || tries != 3 {
		t.Errorf("tries %d, %v", tries, err)
	}
	if err := link.Close(); err != nil {
		t.Error(err)
	}
	if !card.Verify("271828") {
		t.Error("the new passcode does not work")
	}
}

func TestATakenCardEndsItsLinkAndTheNextIsAnother(t *testing.T) {
	r := newRig(t)
	pull := r.plug(t, 0, newCard(t, simcard.Config{}))
	first := r.await(t, "the first card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()

	pull()
	r.await(t, "an empty reader", empty)
	if _, err := piv.Open(t.Context(), link); !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("a command to a taken card: %v", err)
	}
	link.Close()
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrNoCard) {
		t.Errorf("opening an empty reader: %v", err)
	}

	r.plug(t, 0, newCard(t, simcard.Config{}))
	second := r.await(t, "the second card", in)
	if second.Insertion == first.Insertion {
		t.Error("two insertions have one number")
	}
}

func TestACardPulledDuringACommandIsGone(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{Kind: simcard.Blocked})
	r.plug(t, 0, card)
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	p, err := piv.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	card.PullAt(simcard.Pull{INS: 0x2C, When: simcard.During})
	_, err = p.Unblock(t.Context(), []byte("12345678"), []byte("271828"))
	if !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("unblock: %v", err)
	}
	r.await(t, "an empty reader", empty)
	if s := card.Status(); s.Tries != 0 || s.PUKTries != 2 {
		t.Errorf("status %+v", s)
	}
}

// A card that hangs keeps its link, not the person: the caller may leave, and
// taking the card frees the link.
func TestACardThatHangsCanBeLeftAndTaken(t *testing.T) {
	r := newRig(t)
	pull := r.plug(t, 0, newCard(t, simcard.Config{Quirks: simcard.Quirks{Delay: simcard.Delay(time.Hour)}}))
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asking, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := link.Transmit(asking, []byte{0x00, 0x20, 0x00, 0x80})
		left <- err
	}()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("leaving: %v", err)
	}
	gone := make(chan error)
	go func() {
		_, err := link.Transmit(t.Context(), []byte{0x00, 0x20, 0x00, 0x80})
		gone <- err
	}()
	pull()
	if err := <-gone; !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("taking the card: %v", err)
	}
	if err := link.Close(); err != nil {
		t.Error(err)
	}
}

func TestAMuteCardIsSeenAndSaidToBeMute(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{Kind: simcard.Mute}))
	r.await(t, "a mute card", func(p reader.Presence) bool { return p.Card && p.Mute })
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrMute) {
		t.Errorf("opening it: %v", err)
	}
}

// A card that is pulled in the middle of a command and put in again as soon as
// the reader is seen empty is seen again, too.
func TestACardThatComesBackAtOnceIsSeen(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{})
	r.await(t, "an empty reader", empty)
	for range 5 {
		card.PullAt(simcard.Pull{INS: 0xCB, N: 1, When: simcard.Before})
		pull := r.plug(t, 0, card)
		r.await(t, "the card", in)
		link, err := r.slot.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p, err := piv.Open(t.Context(), link)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Info(t.Context()); !errors.Is(err, reader.ErrCardGone) {
			t.Fatalf("a card pulled in the middle of a command: %v", err)
		}
		if err := link.Close(); err != nil {
			t.Error(err)
		}
		r.await(t, "an empty reader", empty)
		pull()
	}
}

// So is one that is pulled when nobody talks to it, just before it is let go.
func TestACardThatLeavesWithItsLinkIsSeenAgain(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{})
	r.await(t, "an empty reader", empty)
	before := uint32(0)
	for range 3 {
		pull := r.plug(t, 0, card)
		before = r.await(t, "the card", func(p reader.Presence) bool { return in(p) && p.Insertion != before }).Insertion
		link, err := r.slot.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pull()
		if err := link.Close(); err != nil {
			t.Error(err)
		}
		r.spy(t, 0, scard.StateEmpty)
	}
}

// pcscd notes a reset by another program after its look-out has counted that the
// card went, and is not told that the next one has gone before it looked again:
// it believes for ever that there is a card. Nobody is served for it.
func TestACardThatOnlyTheServiceBelievesInIsGone(t *testing.T) {
	r := newRig(t)
	other, err := scard.EstablishContext()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	card := newCard(t, simcard.Config{})
	for range 20 {
		if !r.haunted(t, other, card) {
			continue // this machine was too slow for that
		}
		for end := time.Now().Add(limit); r.believes(t, other); {
			if time.Now().After(end) {
				t.Fatal("the service still believes in a card")
			}
			select {
			case p := <-r.seen:
				t.Fatalf("nobody put a card in, and there is %+v", p)
			case <-time.After(50 * time.Millisecond):
			}
		}
		r.plug(t, 0, card)
		r.await(t, "the next card", in)
		return
	}
	t.Skip("pcscd was never misled")
}

// haunted makes pcscd believe in a card that has gone, and says whether it does.
func (r rig) haunted(t *testing.T, other *scard.Context, card *simcard.Card) bool {
	t.Helper()
	pull := r.plug(t, 0, card)
	r.await(t, "the card", in)
	theirs, err := other.Connect(r.stack.Readers[0], scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		t.Fatal(err)
	}
	pull()
	r.await(t, "an empty reader", empty)
	pull = r.plug(t, 0, card)
	time.Sleep(20 * time.Millisecond) // it has dialled
	err = theirs.Disconnect(scard.ResetCard)
	pull()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond) // longer than between two looks of pcscd
	if r.believes(t, other) {
		return true
	}
	for { // it had seen the card come, after all
		select {
		case <-r.seen:
		default:
			return false
		}
	}
}

// believes says whether pcscd tells of a card.
func (r rig) believes(t *testing.T, other *scard.Context) bool {
	t.Helper()
	states := []scard.ReaderState{{Reader: r.stack.Readers[0] + "\x00spy"}}
	if err := other.GetStatusChange(states, 0); err != nil {
		t.Fatal(err)
	}
	return states[0].EventState&scard.StatePresent != 0
}
