package mail

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"unlockpoint/sync/central/store"
)

// Sender hands letters to a mail server.
type Sender interface {
	// Send returns nil once the server has taken the letter, a Refusal when
	// it never will, and any other error when it is worth another try.
	Send(ctx context.Context, r Rendered) error
}

// The queue's habits.
const (
	patience  = 72 * time.Hour // a letter without an end of its own is given up after this
	parallel  = 4              // connections to the mail server at a time
	glance    = 1000           // letters looked at in one go
	firstWait = 5 * time.Second
	codeWait  = time.Minute // the longest wait of a letter that somebody waits for
	otherWait = time.Hour
)

// Config is what a worker works with.
type Config struct {
	Store    store.Store
	Composer Composer
	Words    *Words
	Sender   Sender
	Now      func() time.Time
	Log      *slog.Logger
}

// Worker sends the letters of the store.
type Worker struct {
	Config
	wake chan struct{}
}

// NewWorker returns a worker; Run sets it to work.
func NewWorker(c Config) *Worker { return &Worker{c, make(chan struct{}, 1)} }

// Wake makes the worker look at the queue: a letter was put and committed, or
// the clock has moved. It never waits.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run sends letters until ctx ends. A store that fails ends it with an error.
func (w *Worker) Run(ctx context.Context) error {
	for {
		next, err := w.Deliver(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sending mail: %w", err)
		}
		timer := time.NewTimer(next.Sub(w.Now()))
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Deliver tries every letter that is due, and says when to come again. Its
// error is the store's; what the mail server said is in the letters' states.
func (w *Worker) Deliver(ctx context.Context) (next time.Time, err error) {
	due, next, err := w.due(ctx)
	if err != nil {
		return next, err
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, r := range due {
		group.Go(func() error { return w.one(inner, r) })
	}
	if err := group.Wait(); err != nil {
		return next, err
	}
	if len(due) > 0 { // what was put off may be due before the rest
		return w.soonest(ctx)
	}
	return next, nil
}

// due returns the letters whose time has come and when the next one's comes.
func (w *Worker) due(ctx context.Context) (due []row, next time.Time, err error) {
	now := w.Now()
	next = now.Add(otherWait)
	err = w.Store.View(ctx, func(tx store.Tx) error {
		for name, err := range waiting().Each(tx, "") {
			if err != nil {
				return fmt.Errorf("reading the queue: %w", err)
			}
			r, err := letters().Get(tx, name.Key)
			if err != nil {
				return fmt.Errorf("reading letter: %w", err)
			}
			if r.Next.After(now) {
				next = earlier(next, r.Next)
			} else if len(due) < glance {
				due = append(due, r)
			} else {
				next = now
			}
		}
		return nil
	})
	return due, next, err
}

func (w *Worker) soonest(ctx context.Context) (time.Time, error) {
	_, next, err := w.due(ctx)
	return next, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
