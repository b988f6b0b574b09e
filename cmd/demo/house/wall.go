package house

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync/atomic"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/device/appliance"
	"unlockpoint/device/store"
	"unlockpoint/display"
	"unlockpoint/display/browser"
)

// Wall is the place where the terminal hangs: the terminal may be stopped
// without warning and started again, the panel and the reader stay.
type Wall struct {
	config   appliance.Config
	panel    *browser.Panel
	store    string // its folder
	now      atomic.Pointer[hung]
	restarts chan chan struct{}
}

var _ driver.Terminal = (*Wall)(nil)

// hung is one life of the terminal.
type hung struct {
	*appliance.Appliance
	ctx context.Context // ends with this life
}

// newWall hangs the first terminal up; Run switches it on.
func newWall(config appliance.Config, panel *browser.Panel, store string) (*Wall, error) {
	w := &Wall{config: config, panel: panel, store: store, restarts: make(chan chan struct{})}
	a, err := w.hang()
	if err != nil {
		return nil, err
	}
	w.now.Store(&hung{Appliance: a, ctx: context.Background()})
	return w, nil
}

// hang makes a terminal, with the store of the one before.
func (w *Wall) hang() (*appliance.Appliance, error) {
	db, err := store.Open(w.store)
	if err != nil {
		return nil, err
	}
	return appliance.New(w.config, db)
}

// Run keeps a terminal running until ctx ends or one breaks.
func (w *Wall) Run(ctx context.Context) error {
	var started chan struct{}
	for {
		again, err := w.live(ctx, started)
		if err != nil || again == nil {
			return err
		}
		if started = again; ctx.Err() != nil {
			return nil
		}
		a, err := w.hang()
		if err != nil {
			return fmt.Errorf("start the terminal again: %w", err)
		}
		w.now.Store(&hung{Appliance: a, ctx: ctx})
	}
}

// live is one life of the terminal. It returns whom to tell when the next
// one has begun, or nil when there shall be none.
func (w *Wall) live(ctx context.Context, started chan struct{}) (chan struct{}, error) {
	life, stop := context.WithCancel(ctx)
	defer stop()
	a := w.now.Load().Appliance
	w.now.Store(&hung{Appliance: a, ctx: life})
	ended := make(chan error, 1)
	go func() { ended <- a.Run(life) }()
	if started != nil {
		close(started)
	}
	select {
	case err := <-ended:
		if errors.Is(err, appliance.ErrRestart) {
			return make(chan struct{}), nil
		}
		if err == nil && ctx.Err() == nil {
			err = errors.New("the terminal ended by itself")
		}
		return nil, err
	case again := <-w.restarts:
		stop()
		return again, <-ended
	}
}

// Restart stops the terminal without warning and starts it again.
func (w *Wall) Restart(ctx context.Context) error {
	started := make(chan struct{})
	select {
	case w.restarts <- started:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-started:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// advance moves the terminal's waiting on.
func (w *Wall) advance(ctx context.Context, d time.Duration) error {
	return w.during(ctx, func(ctx context.Context, h *hung) error {
		h.Advance(ctx, d)
		return h.Settle(ctx)
	})
}

// Page is what the person sees now.
func (w *Wall) Page() display.Page { return w.now.Load().Page() }

// PageAfter waits until another page shows; a restart ends the wait as well.
func (w *Wall) PageAfter(ctx context.Context, seen display.Page) display.Page {
	h := w.now.Load()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	return h.PageAfter(ctx, seen)
}

// Picture is what the panel shows.
func (w *Wall) Picture() image.Image { return w.panel.Picture() }

// Press presses a key and waits until the page took it.
func (w *Wall) Press(ctx context.Context, key string) error {
	return w.act(ctx, display.Event{Key: key})
}

// Type types one character and waits until the page took it.
func (w *Wall) Type(ctx context.Context, r rune) error {
	return w.act(ctx, display.Event{Rune: r})
}

// Touch puts a finger down and takes it up at the same place, once the page
// has stood for long enough to take touches.
func (w *Wall) Touch(ctx context.Context, at image.Point) error {
	w.now.Load().Front().Wake()
	if err := w.Attentive(ctx); err != nil {
		return err
	}
	w.now.Load().Handle(display.Event{Touch: &display.Touch{Phase: display.Down, X: at.X, Y: at.Y}})
	return w.act(ctx, display.Event{Touch: &display.Touch{Phase: display.Up, X: at.X, Y: at.Y}})
}

// Attentive waits until the page takes touches.
func (w *Wall) Attentive(ctx context.Context) error {
	return w.during(ctx, func(ctx context.Context, h *hung) error { return h.Front().Attentive(ctx) })
}

// act hands one event in and waits until the page took it.
func (w *Wall) act(ctx context.Context, e display.Event) error {
	return w.during(ctx, func(ctx context.Context, h *hung) error {
		h.Front().Wake()
		h.Handle(e)
		return h.Settle(ctx)
	})
}

// during does something in the present life of the terminal. When that ends,
// so does the wait: nothing is left to wait for.
func (w *Wall) during(ctx context.Context, do func(context.Context, *hung) error) error {
	h := w.now.Load()
	life, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	err := do(life, h)
	if life.Err() != nil {
		return ctx.Err()
	}
	return err
}
