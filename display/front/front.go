// Package front is the face of a terminal: it shows pages on a panel, and
// says what people did with fingers and keys.
//
// Its words: a frame is a painted page; a press is a finger going down and up
// on the same target. One goroutine owns the panel, the frames and how far a
// person has got with typing. Whole pages are painted; only what differs from
// the last frame is sent.
//
// It decides nothing: a page is what it is told, and an Input is what it
// tells.
package front

import (
	"context"
	"fmt"
	"slices"
	"time"

	panel "periph.io/x/conn/v3/display"

	"unlockpoint/display"
	"unlockpoint/display/layout"
)

// backlog is how many inputs wait for whoever reads them. People do not get
// that far ahead of a terminal; more would be a fault, and is dropped.
const backlog = 32

// Front shows pages on one panel.
type Front struct {
	panel   panel.Drawer
	speaker Speaker
	screen  layout.Screen
	wait    Patience
	pages   chan display.Page
	events  chan display.Event
	inputs  chan display.Input
	calls   chan chan time.Time // who waits for Settle
	alone   chan bool           // holds one, the newest
}

// New returns a Front for a panel. Panel and speaker are Run's alone from then
// on; the speaker may be nil.
func New(drawer panel.Drawer, screen layout.Screen, wait Patience, speaker Speaker) *Front {
	if speaker == nil {
		speaker = silence{}
	}
	return &Front{
		panel: drawer, screen: screen, wait: wait, speaker: speaker,
		pages:  make(chan display.Page, 1),
		events: make(chan display.Event, backlog),
		inputs: make(chan display.Input),
		calls:  make(chan chan time.Time),
		alone:  make(chan bool, 1),
	}
}

// Inputs gives what people did. It is never closed.
func (f *Front) Inputs() <-chan display.Input { return f.inputs }

// Alone says when the saver has taken a page's place, and when somebody is there
// again: then before the page is. It is for one receiver, and never closed; one
// that is slow misses what was overtaken.
func (f *Front) Alone() <-chan bool { return f.alone }

// Show asks for a page; the newest one wins and Show never waits. The page's
// secret is copied, so the caller's stays the caller's. Show is for one
// goroutine at a time.
func (f *Front) Show(page display.Page) {
	page = withOwnField(page)
	for {
		select {
		case f.pages <- page:
			return
		default:
		}
		select {
		case missed := <-f.pages:
			wipe(missed)
		default:
		}
	}
}

// Handle takes an event from a panel, pad or keyboard. Events beyond a
// backlog are dropped, so Handle never waits.
func (f *Front) Handle(e display.Event) {
	select {
	case f.events <- e:
	default:
	}
}

// Wake lifts veil and saver, for a program that reads pages and not pixels: what it
// does next is meant.
func (f *Front) Wake() { f.Handle(display.Event{}) }

// Touch is Handle for a finger.
func (f *Front) Touch(t display.Touch) { f.Handle(display.Event{Touch: &t}) }

// Press is Handle for a key of the pad.
func (f *Front) Press(key string) { f.Handle(display.Event{Key: key}) }

// Type is Handle for a character of a computer keyboard.
func (f *Front) Type(r rune) { f.Handle(display.Event{Rune: r}) }

// Run shows pages until the context ends or the panel fails.
func (f *Front) Run(ctx context.Context) error {
	s := newStage(f.panel, f.screen, f.wait, f.speaker)
	s.nobody = f.alone
	defer s.leave()
	defer f.drop()
	for {
		if err := s.step(ctx, f); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// drop forgets what nobody has taken.
func (f *Front) drop() {
	for {
		select {
		case missed := <-f.pages:
			wipe(missed)
		case <-f.events:
		default:
			return
		}
	}
}

// step waits for the next thing to happen.
func (s *stage) step(ctx context.Context, f *Front) error {
	var inputs chan display.Input
	var next display.Input
	s.settle(f)
	s.watch(time.Now())
	if len(s.pending) > 0 {
		inputs, next = f.inputs, s.pending[0]
	}
	select {
	case <-ctx.Done():
	case <-s.alone.C:
		return wrap(s.cover())
	case page := <-f.pages:
		return wrap(s.show(page, time.Now()))
	case call := <-f.calls:
		s.calls = append(s.calls, call)
	case e := <-f.events:
		return wrap(s.happen(e, time.Now()))
	case inputs <- next:
		s.pending = slices.Delete(s.pending, 0, 1) // and no trace of it: it may be a letter of an answer
	}
	return nil
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("drawing on the panel: %w", err)
	}
	return nil
}

// withOwnField is the page with a copy of its secret.
func withOwnField(p display.Page) display.Page {
	if p.Field == nil {
		return p
	}
	field := *p.Field
	if field.Value != nil {
		field.Value = field.Value.Clone()
	}
	p.Field = &field
	return p
}

func wipe(p display.Page) {
	if p.Field != nil {
		p.Field.Value.Wipe()
	}
}
