package appliance

import (
	"context"
	"errors"

	"unlockpoint/display"
)

// guest is a page that somebody who looks after the terminal shows in the
// place of the journey's, until ctx ends or a card goes in.
type guest struct {
	ctx   context.Context // nil: there is none
	page  display.Page
	reply chan error
}

func (g guest) here() bool { return g.ctx != nil }

// left has something in it when the guest goes.
func (g guest) left() <-chan struct{} {
	if g.ctx == nil {
		return nil
	}
	return g.ctx.Done()
}

// over is the guest's page with what every page of this terminal has.
func (g guest) over(p display.Page) display.Page {
	page := g.page
	page.Status, page.Look, page.Words = p.Status, p.Look, p.Words
	return page
}

// Why a page is not shown.
var (
	errServing = errors.New("a card is in: wait until it is taken")
	errTaken   = errors.New("the panel shows something else for an engineer already")
)

// welcome lets a guest in, unless a person is served.
func (s *serving) welcome(g guest) error {
	switch {
	case s.slot.Card:
		return errServing
	case s.guest.here():
		return errTaken
	}
	s.guest = g
	s.show()
	return nil
}

// Show shows a page in the place of the journey's until ctx ends. A card that
// goes in ends it as well: people come first. While one is in, it is refused.
// What is touched or pressed meanwhile means nothing to the journey.
func (a *Appliance) Show(ctx context.Context, page display.Page) error {
	g := guest{ctx: ctx, page: page, reply: make(chan error, 1)}
	select {
	case a.guests <- g:
		return <-g.reply
	case <-ctx.Done():
		return ctx.Err()
	}
}
