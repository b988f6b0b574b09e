package pcsc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func TestTheCardIsHeldExclusivelyAndResetAtTheEnd(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{})
	r.plug(t, 0, card)
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrInUse) {
		t.Errorf("a second link: %v", err)
	}
	p, err := piv.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := p.Verify(t.Context(), []byte("123456")); err != nil || o.Result != reader.OK {
		t.Fatalf("verify %+v, %v", o, err)
	}
	link.Close()

	next, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if _, err := piv.Open(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	answer, err := next.Transmit(t.Context(), []byte{0x00, 0x20, 0x00, 0x80})
	if err != nil || string(answer) != "\x63\xC3" {
		t.Errorf("after the link was closed the card says % X, %v", answer, err)
	}
}

func TestAnotherProgramIsInTheWayUntilItLeaves(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
	other, err := scard.EstablishContext()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	theirs, err := other.Connect(r.stack.Readers[0], scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrInUse) {
		t.Errorf("while the other has it: %v", err)
	}
	if err := theirs.Disconnect(scard.ResetCard); err != nil {
		t.Fatal(err)
	}
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link.Close()
}

// Another program in the middle of a transaction keeps pcscd from even
// answering: the person can leave, and nothing is left behind.
func TestAnotherProgramsTransactionDoesNotHoldThePerson(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
	other, theirs := r.holdShared(t)
	defer other.Release()
	if err := theirs.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer leave()
	if _, err := r.slot.Open(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("leaving: %v", err)
	}
	if err := theirs.EndTransaction(scard.ResetCard); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Disconnect(scard.LeaveCard); err != nil {
		t.Fatal(err)
	}
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link.Close()
}

func (r rig) holdShared(t *testing.T) (*scard.Context, *scard.Card) {
	t.Helper()
	other, err := scard.EstablishContext()
	if err != nil {
		t.Fatal(err)
	}
	card, err := other.Connect(r.stack.Readers[0], scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		t.Fatal(err)
	}
	return other, card
}

// A program that looks at every card that comes, as the desktop's agents do,
// is gone again in a moment.
func TestAnotherProgramIsThereForAMoment(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
	other, theirs := r.holdShared(t)
	defer other.Release()
	opened := make(chan error)
	go func() {
		link, err := r.slot.Open(t.Context())
		if err == nil {
			link.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("opened under the other: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if err := theirs.Disconnect(scard.ResetCard); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
