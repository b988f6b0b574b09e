package tray

import (
	"context"
	"time"

	"unlockpoint/reader/simcard"
)

// Virtual is the mouth of a virtual PC/SC reader (vpcd).
type Virtual struct {
	addr string
	out  func() // takes the card out that is in, and waits until it is; nil without one
	last time.Time
}

var _ Mouth = (*Virtual)(nil)

// NewVirtual is for the reader that listens at addr. The tray uses it from
// one goroutine at a time, and calls Close at the end.
func NewVirtual(addr string) *Virtual { return &Virtual{addr: addr} }

// unnoticed is how long a reader must be empty for pcscd to see it: it polls
// virtual readers every 0.4 s.
const unnoticed = 900 * time.Millisecond

// Insert takes out the card that is in and puts card in.
func (v *Virtual) Insert(ctx context.Context, card *simcard.Card) error {
	v.Close()
	if err := pause(ctx, time.Until(v.last.Add(unnoticed))); err != nil {
		return err
	}
	in, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The card is in until it is taken out; one that was pulled by
		// itself stays out.
		_ = simcard.Dial(in, v.addr, card)
	}()
	v.out = func() { cancel(); <-done }
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Remove takes the card out.
func (v *Virtual) Remove(context.Context) error {
	v.Close()
	return nil
}

// Close takes the card out that is in.
func (v *Virtual) Close() {
	if v.out != nil {
		v.out()
		v.out, v.last = nil, time.Now()
	}
}
