package health

import (
	"context"
	"slices"
	"sync"

	"unlockpoint/display"
)

// Hands tells engineers what panel, pad and keyboard report. While a card is
// in, they hear only that there was something: it may be a passcode. The zero
// Hands is ready.
type Hands struct {
	mu       sync.Mutex
	watchers []chan display.Event
	private  bool
}

// Served says whether a card is in.
func (h *Hands) Served(card bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.private = card
}

// unnamed is the key and the character that stand for those of a person.
const unnamed = '?'

// Tell hands an event on. It never waits: who is slow misses something.
func (h *Hands) Tell(e display.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.private {
		e = veiled(e)
	}
	for _, w := range h.watchers {
		select {
		case w <- e:
		default:
		}
	}
}

func veiled(e display.Event) display.Event {
	switch {
	case e.Touch != nil:
		return display.Event{Touch: &display.Touch{Phase: e.Touch.Phase, Finger: e.Touch.Finger}}
	case e.Key != "":
		return display.Event{Key: string(unnamed)}
	}
	return display.Event{Rune: unnamed}
}

// Events are what panel, pad and keyboard report until ctx ends. While a card
// is in, keys and characters are question marks and touches have no place.
func (h *Hands) Events(ctx context.Context) <-chan display.Event {
	w := make(chan display.Event, 64)
	h.add(w)
	context.AfterFunc(ctx, func() { h.remove(w) })
	return w
}

func (h *Hands) add(w chan display.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers = append(h.watchers, w)
}

func (h *Hands) remove(w chan display.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers = slices.DeleteFunc(h.watchers, func(one chan display.Event) bool { return one == w })
}
