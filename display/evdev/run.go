package evdev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"syscall"
	"time"

	"unlockpoint/display"
)

// every is how often devices are looked for. Who plugs in a keypad does not
// notice a second; a list of a small folder costs nothing.
const every = time.Second

// fate is what became of a device that was found.
type fate int

const (
	unknown fate = iota
	unfit        // it is of no use, for as long as it is there
	failing      // it could not be opened, or read any more; that was told
	open         // it is read
)

// device is one that was found.
type device struct {
	fate
	touch, keys bool // what is read of it
}

// watch is what Run's goroutine knows.
type watch struct {
	*Source
	found   map[Place]device
	ended   chan Place // devices that are read no more
	readers sync.WaitGroup
	blind   bool // the folder cannot be read; that was told
}

// Run reads every device that fits until ctx ends, and finds those that come
// later. Devices that fail are told of once and tried again.
func (s *Source) Run(ctx context.Context) error {
	w := &watch{Source: s, found: map[Place]device{}, ended: make(chan Place)}
	ctx, stop := context.WithCancel(ctx)
	defer w.readers.Wait()
	defer stop()
	timer := time.NewTicker(every)
	defer timer.Stop()
	w.look(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-w.ended:
			w.found[p] = device{fate: failing}
		case <-timer.C:
			w.look(ctx)
		}
	}
}

// look opens what is new and forgets what is gone.
func (w *watch) look(ctx context.Context) {
	places, err := w.cfg.Folder.List()
	if err != nil && !w.blind {
		w.cfg.Log.Warn("looking for input devices; trying again every second", "error", err)
	}
	w.blind = err != nil
	there := map[Place]bool{}
	for _, p := range places {
		there[p] = true
		if f := w.found[p].fate; f == unknown || f == failing {
			w.found[p] = w.try(ctx, p, f == failing)
		}
	}
	for p, d := range w.found {
		if !there[p] && d.fate != open { // a reader finds out for itself
			delete(w.found, p)
		}
	}
	w.Touch.note(w.reads(func(d device) bool { return d.touch }))
	w.Keys.note(w.reads(func(d device) bool { return d.keys }))
}

// reads reports whether a device of a kind is read.
func (w *watch) reads(kind func(device) bool) bool {
	for _, d := range w.found {
		if d.fate == open && kind(d) {
			return true
		}
	}
	return false
}

// try opens a device and reads it if it fits.
func (w *watch) try(ctx context.Context, p Place, told bool) device {
	d, name, err := w.take(p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return device{fate: unknown} // it is gone again
	case err != nil:
		if !told {
			w.cfg.Log.Warn("opening an input device; trying again every second", "device", p.Path, "name", name, "error", err)
		}
		return device{fate: failing}
	case d == nil:
		return device{fate: unfit}
	}
	w.cfg.Log.Info("reading an input device", "device", p.Path, "name", name, "touch", d.pointer != nil, "keys", d.keyboard != nil)
	w.readers.Go(func() { w.serve(ctx, d, p) })
	return device{open, d.pointer != nil, d.keyboard != nil}
}

// serve reads a device for as long as it is there.
func (w *watch) serve(ctx context.Context, d *decoder, p Place) {
	defer d.device.Close()
	err := w.read(ctx, d)
	if ctx.Err() != nil {
		return
	}
	w.cfg.Log.Info("an input device is gone", "device", p.Path, "cause", err)
	select {
	case w.ended <- p:
	case <-ctx.Done():
	}
}

// take opens a device that fits for this program alone, and says its name;
// the decoder is nil for one that does not fit.
func (w *watch) take(p Place) (*decoder, string, error) {
	d, err := w.cfg.Folder.Open(p)
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: run as root, or as a user of the group input", err)
	}
	if err != nil {
		return nil, "", err
	}
	t, err := traitsOf(d)
	var one *decoder
	if err == nil {
		one, err = w.cfg.decoderOf(d, t)
	}
	if err == nil && one != nil {
		err = seize(d)
	}
	if err != nil || one == nil {
		return nil, t.name, errors.Join(err, d.Close())
	}
	return one, t.name, nil
}

// seize takes the device for this program alone.
func seize(d Device) error {
	err := d.Grab()
	if errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("another program has it for itself, stop that: %w", err)
	}
	return err
}

// batch is how many events are read at once; a report of ten fingers has 40.
const batch = 64

// read passes on what people do with one device until it fails or ctx ends.
func (w *watch) read(ctx context.Context, d *decoder) error {
	defer context.AfterFunc(ctx, func() { d.device.Close() })()
	events, err := d.know()
	raw := make([]byte, batch*Native)
	for w.send(ctx, events); err == nil && ctx.Err() == nil; {
		var n int
		n, err = d.device.Read(raw)
		for rest := raw[:n]; len(rest) >= int(Native) && err == nil; rest = rest[Native:] {
			events, err = d.happen(event(rest, Native))
			w.send(ctx, events)
		}
		clear(raw[:n]) // keys that somebody pressed
	}
	w.send(ctx, d.lose())
	return err
}

// send waits for whoever reads, or for the end, and keeps no trace of what it sent.
func (w *watch) send(ctx context.Context, events []display.Event) {
	for _, e := range events {
		select {
		case w.events <- e:
		case <-ctx.Done():
		}
	}
	clear(events)
}
