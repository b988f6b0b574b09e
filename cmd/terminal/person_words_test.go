package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"
	"unlockpoint/reader/simcard"
)

// reads waits for a page that says these words, wherever it says them.
func (p *person) reads(id, words string) text.Page {
	p.t.Helper()
	var s text.Page
	p.until(id+" with "+words, func(context.Context) bool {
		s = p.look()
		return s.ID == id && strings.Contains(strings.Join(append([]string{s.Title, s.Error}, s.Body...), "\n"), words)
	})
	return s
}

// takes a way on from the menu of a working card.
func (p *person) takes(words string) {
	p.t.Helper()
	p.chooses(p.sees("card.menu"), words)
}

// leaves takes the card out, whatever the page, and waits for the next person.
func (p *person) leaves(a *wall) {
	p.t.Helper()
	a.pull()
	if p.sees("idle", "removed-early").ID == "removed-early" {
		p.presses("Enter")
	}
	p.sees("idle")
}

// registered is somebody who registered at the wall and left.
func (w *world) registered(p *person, a *wall) *hospitaltest.Holder {
	w.t.Helper()
	h := w.Hires(simcard.Working)
	p.sees("idle")
	a.insert(h.Card)
	p.register(w, h)
	p.leaves(a)
	return h
}

// blocked is registered, and then blocked.
func (w *world) blocked(p *person, a *wall) *hospitaltest.Holder {
	w.t.Helper()
	h := w.registered(p, a)
	h.Block(w.t)
	return h
}

// starts goes from a blocked card to the first question.
func (p *person) starts(a *wall, h *hospitaltest.Holder) {
	p.t.Helper()
	a.insert(h.Card)
	p.sees("card.locked")
	p.presses("Enter")
	p.sees("unlock.warning")
	p.presses("Enter")
}

// asks goes from a blocked card to where the code is typed, and returns the code.
func (p *person) asks(w *world, a *wall, h *hospitaltest.Holder) string {
	p.t.Helper()
	before := w.Mails()
	p.starts(a, h)
	p.answersAsked()
	p.sees("unlock.code")
	return w.Code(h, before)
}

// guesses answers every question wrongly and returns the page after them.
func (p *person) guesses() text.Page {
	p.t.Helper()
	s := p.sees("unlock.answer")
	for s.ID == "unlock.answer" {
		p.types("nothing of the kind")
		s = p.turns(s)
	}
	return s
}

// codes are all codes that were mailed to an address after a mail.
func (w *world) codes(to string, after int) []string {
	var found []string
	for _, m := range w.Mail.Mails() {
		if m.To == to && m.Number > after && m.Code != "" {
			found = append(found, m.Code)
		}
	}
	return found
}

// wrongCode is a code that was never mailed.
func (w *world) wrongCode(h *hospitaltest.Holder) string {
	for _, code := range []string{"135792", "246803"} {
		if !slices.Contains(w.codes(h.Email, 0), code) {
			return code
		}
	}
	return "975310"
}

func mustTake(t testing.TB, h *hospitaltest.Holder, passcode string) {
	t.Helper()
	if !h.Card.Verify(passcode) {
		t.Errorf("the card of %s does not take its new passcode", h.Name)
	}
}
