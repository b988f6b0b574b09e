package operator

import (
	"context"
	"errors"
	"time"

	"unlockpoint/sync/wire"
)

const (
	// renewAfter is how often who follows asks even when told of nothing: what
	// central said may have been lost, or central may be gone.
	renewAfter = 5 * time.Second
	// quietAfter is how long central may take before who follows is told that
	// nothing is heard: they look at a picture that may be old.
	quietAfter = 5 * time.Second
	// answerIn is how long one answer may take before it is asked for anew.
	answerIn = 20 * time.Second
)

// Told is what who follows is told: what happened, or that nothing can be heard.
type Told struct {
	Events []wire.Event // in order; none every few seconds in which nothing happened
	Lost   error        // nothing is heard of central, and why; nil: it is
	Since  time.Time    // when it was heard of last, by our clock
}

// Follow calls each for the events behind a number, or the last ones, and for
// those to come, until ctx ends, each fails or central refuses. It goes on over
// outages, and tells of their beginning within seconds, and of their end. One
// caller of a Line may follow at a time.
func (l *Line) Follow(ctx context.Context, from wire.FollowBody, each func(Told) error) error {
	f := following{line: l, each: each, heard: time.Now()}
	for {
		got, err := f.ask(ctx, from)
		if _, refused := errors.AsType[*RefusedError](err); refused || ctx.Err() != nil || f.failed != nil {
			return errors.Join(ctx.Err(), f.failed, err)
		}
		if err != nil {
			f.lose(err)
		} else {
			f.hear(got.Events)
			from = wire.FollowBody{After: new(got.Head)}
		}
		renew := time.NewTimer(renewAfter)
		select {
		case <-ctx.Done():
		case <-l.news:
		case <-l.moved:
			f.look()
		case <-renew.C:
		}
		renew.Stop()
		if f.failed != nil {
			return f.failed
		}
	}
}

// following is one call of Follow.
type following struct {
	line   *Line
	each   func(Told) error
	heard  time.Time // of central, last
	lost   bool      // that was told
	failed error     // of each
}

// ask asks for events, and tells when that takes long.
func (f *following) ask(ctx context.Context, from wire.FollowBody) (wire.EventsBody, error) {
	type answer struct {
		got wire.EventsBody
		err error
	}
	asked := make(chan answer, 1)
	go func() {
		got, err := f.line.events(ctx, from)
		asked <- answer{got, err}
	}()
	quiet := time.NewTimer(quietAfter)
	defer quiet.Stop()
	for {
		select {
		case a := <-asked:
			return a.got, a.err
		case <-quiet.C:
			f.lose(ErrSilent)
		case <-f.line.moved:
			f.look()
		}
	}
}

// look tells that the link to the broker is down.
func (f *following) look() {
	if f.line.down.Load() {
		f.lose(f.line.unlinked())
	}
}

func (f *following) lose(why error) {
	if !f.lost && f.failed == nil {
		f.lost = true
		f.failed = f.each(Told{Lost: why, Since: f.heard})
	}
}

// hear tells what happened; that nothing did as well, as central is there.
func (f *following) hear(events []wire.Event) {
	f.heard = time.Now()
	if f.failed == nil {
		f.lost = false
		f.failed = f.each(Told{Events: events, Since: f.heard})
	}
}

func (l *Line) events(ctx context.Context, from wire.FollowBody) (got wire.EventsBody, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	err = l.Ask(ctx, wire.FleetFollow, from, &got)
	return got, err
}
