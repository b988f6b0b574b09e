package pcsc_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// libpcsclite's list of readers is shared by watcher and links, unlocked.
func TestOpeningLinksNeverLosesTheReader(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	first := r.await(t, "the card", in)
	for range 100 {
		link, err := r.slot.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		link.Close()
		select {
		case p := <-r.seen:
			if p != first {
				t.Fatalf("saw %+v", p)
			}
		default:
		}
	}
}

// scard gives the names that C is looking at back at a garbage collection: not
// the one that the watcher waits on, however often it was looked at meanwhile.
func TestACollectionUnderTheWatchersWaitKeepsItsReader(t *testing.T) {
	r := newRig(t)
	pull := r.plug(t, 0, newCard(t, simcard.Config{}))
	first := r.await(t, "the card", in)
	for range 30 {
		link, err := r.slot.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		link.Close()
		runtime.GC() // finds what is not held any more
		runtime.GC() // after the finalizers of the first
		select {
		case p := <-r.seen:
			if p != first {
				t.Fatalf("saw %+v", p)
			}
		default:
		}
	}
	pull()
	if p := r.await(t, "the card taken", func(reader.Presence) bool { return true }); !empty(p) || p.Reader != first.Reader {
		t.Errorf("the card was taken, but saw %+v", p)
	}
}

func TestTheServiceMayRestart(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	first := r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()

	r.stack.Down()
	r.await(t, "no reader", nobody)
	if _, err := piv.Open(t.Context(), link); !errors.Is(err, reader.ErrNoReader) {
		t.Errorf("a command without a service: %v", err)
	}
	if _, err := r.slot.Open(t.Context()); !errors.Is(err, reader.ErrNoReader) {
		t.Errorf("opening without a service: %v", err)
	}

	if err := r.stack.Up(); err != nil {
		t.Fatal(err)
	}
	second := r.await(t, "the card again", in)
	if second.Insertion == first.Insertion {
		t.Error("the insertion number did not change over a restart")
	}
	again, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again.Insertion() != second.Insertion {
		t.Errorf("insertion %x opened, %x seen", again.Insertion(), second.Insertion)
	}
	again.Close()
}

func TestTheServiceMayStartLate(t *testing.T) {
	stack := pcsctest.Start(t)
	stack.Join(t)
	stack.Down()
	slot := pcsc.NewSlot(pcsc.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	r := rig{stack, slot, slot.Watch(ctx), cancel}
	r.await(t, "no reader", nobody)
	if err := stack.Up(); err != nil {
		t.Fatal(err)
	}
	r.await(t, "an empty reader", empty)
	cancel()
	for range r.seen {
	}
}

func TestTheServiceCrashesDuringACommand(t *testing.T) {
	r := newRig(t)
	r.await(t, "an empty reader", empty)
	begun := make(chan struct{}, 1)
	pull := r.play(t, 0, func([]byte) []byte { begun <- struct{}{}; return nil })
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := link.Transmit(t.Context(), []byte{0x00, 0x20, 0x00, 0x80})
		ended <- err
	}()
	<-begun
	if err := r.stack.Crash(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, reader.ErrNoReader) {
		t.Errorf("the command: %v", err)
	}
	if err := link.Close(); err != nil {
		t.Error(err)
	}
	r.await(t, "no reader", nobody)
	pull()
	if err := r.stack.Up(); err != nil {
		t.Fatal(err)
	}
	r.await(t, "an empty reader", empty)
}

// Sessions are opened and used as fast as they can be while the service comes
// and goes. Nothing hangs, and in the end the card is served.
func TestTheServiceRestartsUnderLoad(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
	loaded := make(chan int)
	ctx, enough := context.WithCancel(t.Context())
	go func() {
		served := 0
		for ctx.Err() == nil {
			served += r.visit(t)
		}
		loaded <- served
	}()
	for range 5 {
		r.stack.Down()
		r.await(t, "no reader", nobody)
		if err := r.stack.Up(); err != nil {
			t.Fatal(err)
		}
		r.await(t, "the card again", in)
	}
	enough()
	if served := <-loaded; served == 0 {
		t.Error("the load never got through")
	}
	if r.visit(t) != 1 {
		t.Error("the card is not served in the end")
	}
}

// visit opens a session, asks the card something and returns how often that
// worked. It fails only in the words of package reader.
func (r rig) visit(t *testing.T) int {
	link, err := r.slot.Open(t.Context())
	if err != nil {
		if !errors.Is(err, reader.ErrNoReader) && !errors.Is(err, reader.ErrNoCard) && !errors.Is(err, reader.ErrMute) {
			t.Errorf("opening: %v", err)
		}
		return 0
	}
	defer link.Close()
	_, err = piv.Open(t.Context(), link)
	if err != nil && !errors.Is(err, reader.ErrNoReader) && !errors.Is(err, reader.ErrCardGone) {
		t.Errorf("asking: %v", err)
	}
	if err != nil {
		return 0
	}
	return 1
}

func TestAFrozenServiceKeepsNobody(t *testing.T) {
	r := newRig(t)
	r.plug(t, 0, newCard(t, simcard.Config{}))
	r.await(t, "the card", in)
	if err := r.stack.Freeze(); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer leave()
	if _, err := r.slot.Open(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("opening: %v", err)
	}
	r.leave()
	for range r.seen { // it ends although its follower cannot
	}
	if err := r.stack.Thaw(); err != nil {
		t.Fatal(err)
	}
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link.Close()
}
