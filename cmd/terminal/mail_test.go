package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"
	"unlockpoint/sync/central/mail/catcher"
)

func TestWrongCodesAreCountedAndTheLastOneEndsTheCase(t *testing.T) {
	w := newWorld(t, "code_tries = 2")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	p.asks(w, door, h)
	p.types(w.wrongCode(h))
	p.reads("unlock.code", "1 try left")
	p.types(w.wrongCode(h))
	p.sees("code.used-up")

	before := w.Mails()
	p.presses("Enter")
	p.answersAsked()
	p.sees("unlock.code")
	p.types(w.Code(h, before))
	p.choosesPasscode(h)
	p.leaves(door)
	mustTake(t, h, h.Next)
}

func TestACodeIsSentAgain(t *testing.T) {
	w := newWorld(t, "resend_after_s = 1")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)

	before := w.Mails()
	first := p.asks(w, door, h)
	p.presses("Enter")
	p.asksAgain()
	p.reads("code.where", "sent again")
	hospitaltest.Await(w.t, "the second mail", func() bool { return len(w.codes(h.Email, before)) == 2 })
	if codes := w.codes(h.Email, before); codes[1] != first {
		t.Errorf("the code that was sent again is another one")
	}
	p.presses("Enter")
	p.sees("unlock.code")
	p.types(first)
	p.choosesPasscode(h)
	p.leaves(door)
}

// asksAgain sends the code again as soon as the page offers it, which by
// central's clock may be a moment too soon.
func (p *person) asksAgain() {
	p.t.Helper()
	p.until("a code that is sent again", func(context.Context) bool {
		s := p.look()
		if sentAgain(s) {
			return true
		}
		if s.ID == "code.where" && offersAgain(s) && s.Error == "" {
			p.presses("1")
			p.until("an answer", func(context.Context) bool {
				now := p.look()
				return sentAgain(now) || now.Error != "" || len(now.Choices) == 0
			})
		}
		return false
	})
}

// offersAgain reports whether the code may be sent again now. The other choice
// is the IT booth's code.
func offersAgain(s text.Page) bool {
	return slices.ContainsFunc(s.Choices, func(c text.Option) bool { return c.Key == "1" })
}

func sentAgain(s text.Page) bool { return strings.Contains(strings.Join(s.Body, " "), "sent again") }

func TestWhatTheMailServerSaidIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	for _, c := range []struct {
		mode catcher.Mode
		says string
	}{
		{catcher.Accept, "has taken it"},
		{catcher.Reject, "does not take mail"},
		{catcher.Defer, "put it off"},
		{catcher.Hang, "on its way"},
	} {
		h := w.blocked(p, door)
		w.Mail.SetMode(c.mode)
		p.starts(door, h)
		p.answersAsked()
		p.sees("unlock.code")
		p.presses("Enter")
		p.reads("code.where", c.says)
		p.leaves(door)
		w.Mail.SetMode(catcher.Accept)
	}
}
