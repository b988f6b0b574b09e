package pcsc_test

import (
	"context"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/simcard"
)

// BenchmarkCommand is what one command costs beyond the card: this package,
// libpcsclite, pcscd, vpcd and back.
func BenchmarkCommand(b *testing.B) {
	stack := pcsctest.Start(b)
	stack.Join(b)
	card, err := simcard.New(simcard.Config{})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		simcard.Dial(ctx, stack.Slots[0], card)
	}()
	b.Cleanup(func() { cancel(); <-done })
	link := openWhenIn(b, pcsc.NewSlot(pcsc.Config{}))
	b.Cleanup(func() { link.Close() })
	for b.Loop() {
		if _, err := link.Transmit(b.Context(), []byte{0x00, 0x20, 0x00, 0x80}); err != nil {
			b.Fatal(err)
		}
	}
}

func openWhenIn(b *testing.B, slot *pcsc.Slot) reader.Link {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	seen := slot.Watch(ctx)
	defer func() {
		cancel()
		for range seen {
		}
	}()
	for p := range seen {
		if !p.Card {
			continue
		}
		link, err := slot.Open(ctx)
		if err != nil {
			b.Fatal(err)
		}
		return link
	}
	return nil
}
