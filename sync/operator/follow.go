package operator

import (
	"context"
	"errors"
	"time"

	"unlockpoint/sync/wire"
)

const (
	// renewAfter is how often who follows asks even when told of nothing: what
	// central said may have been lost, or central may be another one.
	renewAfter = 15 * time.Second
	// answerIn is how long one answer may take before it is asked for anew.
	answerIn = 20 * time.Second
)

// Follow calls each for the events behind a number, or the last ones, in
// order, and for those to come, until ctx ends, each fails or central refuses.
// It goes on over outages. One caller of a Line may follow at a time.
func (l *Line) Follow(ctx context.Context, from wire.FollowBody, each func(wire.Event) error) error {
	for {
		got, err := l.events(ctx, from)
		if _, refused := errors.AsType[*RefusedError](err); refused || ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		for _, e := range got.Events {
			if err := each(e); err != nil {
				return err
			}
			from = wire.FollowBody{After: e.N}
		}
		if err == nil && from.After == 0 {
			from = wire.FollowBody{After: got.Head}
		}
		renew := time.NewTimer(renewAfter)
		select {
		case <-ctx.Done():
		case <-l.news:
		case <-renew.C:
		}
		renew.Stop()
	}
}

func (l *Line) events(ctx context.Context, from wire.FollowBody) (got wire.EventsBody, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	err = l.Ask(ctx, wire.FleetFollow, from, &got)
	return got, err
}
