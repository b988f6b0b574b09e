package health

import (
	"context"
	"errors"

	"unlockpoint/display"
)

// Guest is a page that somebody who looks after the terminal shows in the
// place of the usual one, until ctx ends. The zero Guest is nobody.
type Guest struct {
	ctx   context.Context // nil: there is none
	page  display.Page
	reply chan error
}

// Here reports whether there is one. The next may come before anybody has seen
// that the last one went.
func (g Guest) Here() bool { return g.ctx != nil && g.ctx.Err() == nil }

// Left has something in it when the guest goes.
func (g Guest) Left() <-chan struct{} {
	if g.ctx == nil {
		return nil
	}
	return g.ctx.Done()
}

// Over is the guest's page with what every page of this terminal has.
func (g Guest) Over(p display.Page) display.Page {
	if !g.Here() {
		return p
	}
	page := g.page
	page.Status, page.Look, page.Words = p.Status, p.Look, p.Words
	return page
}

// Why a page is not shown.
var (
	errServing = errors.New("a card is in: wait until it is taken")
	errTaken   = errors.New("the panel shows something else for an engineer already")
)

// Welcome answers one who has come, and returns who is here then: nobody comes
// in while a card is in, or while another is here.
func (g Guest) Welcome(come Guest, card bool) Guest {
	switch {
	case card:
		come.reply <- errServing
	case g.Here():
		come.reply <- errTaken
	default:
		come.reply <- nil
		return come
	}
	return g
}

// Guests are those who come to whoever owns the panel.
type Guests chan Guest

// Show implements Subject.
func (all Guests) Show(ctx context.Context, page display.Page) error {
	come := Guest{ctx: ctx, page: page, reply: make(chan error, 1)}
	select {
	case all <- come:
		return <-come.reply
	case <-ctx.Done():
		return ctx.Err()
	}
}
