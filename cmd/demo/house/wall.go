package house

import (
	"context"
	"errors"
	"fmt"
	"image"
	"reflect"
	"sync/atomic"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/device/appliance"
	"unlockpoint/display"
	"unlockpoint/display/browser"
)

// Wall is the place where the terminal hangs: the terminal may be stopped
// without warning and started again, the panel and the reader stay.
type Wall struct {
	config   appliance.Config
	panel    *browser.Panel
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
func newWall(config appliance.Config, panel *browser.Panel) (*Wall, error) {
	w := &Wall{config: config, panel: panel, restarts: make(chan chan struct{})}
	a, err := appliance.New(config)
	if err != nil {
		return nil, err
	}
	w.now.Store(&hung{Appliance: a, ctx: context.Background()})
	return w, nil
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
		a, err := appliance.New(w.config)
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
	h := w.now.Load()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	h.Advance(ctx, d)
	return ctx.Err()
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

// Touch puts a finger down and takes it up at the same place. As on the wall,
// touches in the first quarter of a second of a page mean nothing.
func (w *Wall) Touch(ctx context.Context, at image.Point) error {
	w.now.Load().Front().Touch(display.Touch{Phase: display.Down, X: at.X, Y: at.Y})
	return w.act(ctx, display.Event{Touch: &display.Touch{Phase: display.Up, X: at.X, Y: at.Y}})
}

// A key changes the page within a few milliseconds, or it means nothing
// there, which nobody can hear: then the wait ends by itself.
const (
	look   = 2 * time.Millisecond
	noMore = 300 * time.Millisecond
)

// act hands one event in and waits until the page answers it.
func (w *Wall) act(ctx context.Context, e display.Event) error {
	h := w.now.Load()
	before := h.Page()
	was := before.Field.Count()
	h.Front().Handle(e)
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	given := time.After(noMore)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-given:
			return nil
		case <-ticker.C:
			if now := h.Page(); now.Field.Count() != was || !alike(before, now) {
				return nil
			}
		}
	}
}

// alike reports whether nothing but time went by between two pages. What was
// typed is compared by its length, outside.
func alike(a, b display.Page) bool {
	a.SecondsLeft, b.SecondsLeft = 0, 0
	a.Field, b.Field = withoutValue(a.Field), withoutValue(b.Field)
	return reflect.DeepEqual(a, b)
}

func withoutValue(f *display.Field) *display.Field {
	if f == nil {
		return nil
	}
	plain := *f
	plain.Value = nil
	return &plain
}
