package pcsc_test

import (
	"context"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/simcard"
)

// limit ends a test that waits for something that does not come.
const limit = 10 * time.Second

// rig is a real pcscd with a watched slot.
type rig struct {
	stack *pcsctest.Stack
	slot  *pcsc.Slot
	seen  <-chan reader.Presence
	leave context.CancelFunc // ends the watch
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
	return rig{stack, slot, seen, cancel}
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

// spy returns as soon as pcscd tells anybody that a reader is so, which may be
// before it tells those who wait.
func (r rig) spy(t *testing.T, slot int, wanted scard.StateFlag) {
	t.Helper()
	service, err := scard.EstablishContext()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Release()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(limit); time.Now().Before(end); <-look.C {
		states := []scard.ReaderState{{Reader: r.stack.Readers[slot] + "\x00spy"}}
		if err := service.GetStatusChange(states, 0); err != nil {
			t.Fatal(err)
		}
		if states[0].EventState&wanted != 0 {
			return
		}
	}
	t.Fatal("the reader never got there")
}
