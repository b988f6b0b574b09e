package pcsc_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// limit ends a test that waits for something that does not come.
const limit = 10 * time.Second

// rig is a real pcscd with a watched slot.
type rig struct {
	stack *pcsctest.Stack
	slot  *pcsc.Slot
	seen  <-chan reader.Presence
}

func newRig(t *testing.T, approved ...string) rig {
	t.Helper()
	stack := pcsctest.Start(t)
	stack.Join(t)
	slot := pcsc.NewSlot(pcsc.Config{Readers: approved})
	ctx, cancel := context.WithCancel(t.Context())
	seen := slot.Watch(ctx)
	t.Cleanup(func() {
		cancel()
		for range seen { // until the watcher has ended
		}
	})
	return rig{stack, slot, seen}
}

// await returns the first presence that fits.
func (r rig) await(t *testing.T, what string, fits func(reader.Presence) bool) reader.Presence {
	t.Helper()
	late := time.After(limit)
	for {
		select {
		case p := <-r.seen:
			if fits(p) {
				return p
			}
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func in(p reader.Presence) bool     { return p.Card && !p.Mute }
func empty(p reader.Presence) bool  { return p.Reader != "" && !p.Card }
func nobody(p reader.Presence) bool { return p.Reader == "" }

// plug puts a card in; the returned function takes it out.
func (r rig) plug(t *testing.T, slot int, card *simcard.Card) (pull func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		simcard.Dial(ctx, r.stack.Slots[slot], card)
	}()
	pull = func() { cancel(); <-done }
	t.Cleanup(pull)
	return pull
}

func newCard(t *testing.T, cfg simcard.Config) *simcard.Card {
	t.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

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
	r := rig{stack, slot, slot.Watch(ctx)}
	r.await(t, "no reader", nobody)
	if err := stack.Up(); err != nil {
		t.Fatal(err)
	}
	r.await(t, "an empty reader", empty)
	cancel()
	for range r.seen {
	}
}

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
		r.spyEmpty(t)
	}
}

// spyEmpty returns as soon as pcscd tells anybody that the reader is empty,
// which may be before it tells those who wait.
func (r rig) spyEmpty(t *testing.T) {
	t.Helper()
	service, err := scard.EstablishContext()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Release()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(limit); time.Now().Before(end); <-look.C {
		states := []scard.ReaderState{{Reader: r.stack.Readers[0] + "\x00spy"}}
		if err := service.GetStatusChange(states, 0); err != nil {
			t.Fatal(err)
		}
		if states[0].EventState&scard.StateEmpty != 0 {
			return
		}
	}
	t.Fatal("the reader was never empty")
}
