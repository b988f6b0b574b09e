package front

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
)

// Whoever waits for a key hears when it was read, and not before.
func TestSettleWaitsForTheReader(t *testing.T) {
	with(t, "card.menu", func(b *bench) {
		b.Press("1")
		done := make(chan error, 1)
		go func() { done <- b.Settle(b.t.Context()) }()
		synctest.Wait()
		select {
		case <-done:
			t.Fatal("settled before the key was read")
		default:
		}
		b.expect(display.Input{Key: "1"})
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A page that just came does not listen to touches yet.
func TestAttentiveWaitsForAPageToStand(t *testing.T) {
	with(t, "idle", func(b *bench) {
		b.show(sample("card.menu"))
		start := time.Now()
		if err := b.Attentive(b.t.Context()); err != nil {
			t.Fatal(err)
		}
		if stood := time.Since(start); stood != settle {
			t.Errorf("attentive after %s, want %s", stood, settle)
		}
	})
}

// Nobody waits for a front that has ended.
func TestSettleEndsWithItsContext(t *testing.T) {
	f := New(nil, layouttest.Large(), Patience{}, nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := f.Attentive(ctx); err == nil {
		t.Error("settled without a panel")
	}
}
