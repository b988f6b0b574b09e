package front

import (
	"context"
	"time"
)

// Settle waits until everything that was handed in before has been read from
// Inputs, and the newest page is on the panel.
func (f *Front) Settle(ctx context.Context) error {
	_, err := f.settled(ctx)
	return err
}

// Attentive waits as Settle does, and then until all there is to touch has
// stood for long enough that touches mean something.
func (f *Front) Attentive(ctx context.Context) error {
	since, err := f.settled(ctx)
	for err == nil && time.Since(since) < settle {
		if err = pause(ctx, settle-time.Since(since)); err == nil {
			since, err = f.settled(ctx)
		}
	}
	return err
}

// settled says since when all there is to touch stands.
func (f *Front) settled(ctx context.Context) (time.Time, error) {
	call := make(chan time.Time, 1)
	select {
	case f.calls <- call:
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
	select {
	case since := <-call:
		return since, nil
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settle answers those who wait, once nothing is on its way.
func (s *stage) settle(f *Front) {
	if len(s.pending) > 0 || len(f.events) > 0 || len(f.pages) > 0 {
		return
	}
	for _, call := range s.calls {
		call <- s.fresh.since
	}
	s.calls = nil
}
