package appliance

import (
	"context"
	"slices"
	"sync"

	"unlockpoint/display"
)

// hands tells engineers what panel, pad and keyboard report. While a card is
// in, they hear only that there was something: it may be a passcode.
type hands struct {
	mu       sync.Mutex
	watchers []chan display.Event
	private  bool
}

// served says whether a card is in.
func (h *hands) served(card bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.private = card
}

// unnamed is the key and the character that stand for those of a person.
const unnamed = '?'

// tell never waits: who is slow misses something.
func (h *hands) tell(e display.Event) {
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
func (a *Appliance) Events(ctx context.Context) <-chan display.Event {
	w := make(chan display.Event, 64)
	a.hands.add(w)
	context.AfterFunc(ctx, func() { a.hands.remove(w) })
	return w
}

func (h *hands) add(w chan display.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers = append(h.watchers, w)
}

func (h *hands) remove(w chan display.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers = slices.DeleteFunc(h.watchers, func(one chan display.Event) bool { return one == w })
}
