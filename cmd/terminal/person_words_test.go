package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// reads waits for a page that says these words, wherever it says them.
func (p *person) reads(id, words string) screen {
	p.t.Helper()
	var s screen
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
func (w *world) registered(p *person, a *wall) *holder {
	w.t.Helper()
	h := w.hires(simcard.Working)
	p.sees("idle")
	a.insert(h.card)
	p.register(w, h)
	p.leaves(a)
	return h
}

// starts goes from a blocked card to the first question.
func (p *person) starts(a *wall, h *holder) {
	p.t.Helper()
	a.insert(h.card)
	p.sees("card.locked")
	p.presses("Enter")
	p.sees("unlock.warning")
	p.presses("Enter")
}

// guesses answers every question wrongly and returns the page after them.
func (p *person) guesses() screen {
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
	for _, m := range w.mail.Mails() {
		if m.To == to && m.Number > after && m.Code != "" {
			found = append(found, m.Code)
		}
	}
	return found
}

// wrongCode is a code that was never mailed.
func (w *world) wrongCode(h *holder) string {
	for _, code := range []string{"135792", "246803"} {
		if !slices.Contains(w.codes(h.email, 0), code) {
			return code
		}
	}
	return "975310"
}

func mustTake(t testing.TB, h *holder, passcode string) {
	t.Helper()
	if !h.card.Verify(passcode) {
		t.Errorf("the card of %s does not take its new passcode", h.name)
	}
}
