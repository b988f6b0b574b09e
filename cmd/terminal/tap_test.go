package main

import (
	"context"
	"encoding/json"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/text"
	"unlockpoint/display/typing"
	"unlockpoint/reader/simcard"
)

// taps puts a finger on the panel and takes it up again.
func (p *person) taps(x, y int) {
	p.t.Helper()
	for _, phase := range []string{"down", "up"} {
		raw, err := json.Marshal(map[string]any{"touch": phase, "x": x, "y": y})
		if err != nil {
			p.t.Fatal(err)
		}
		if err := p.panel.Write(context.Background(), websocket.MessageText, raw); err != nil {
			p.t.Fatalf("touch the panel: %v", err)
		}
	}
}

// TestADoubleTapEndsNoRegistration taps twice where a code is asked for. While
// central is asked, Stop lies there.
func TestADoubleTapEndsNoRegistration(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	p.sees("idle")
	h := w.Hires(simcard.Working)
	for range 3 {
		door.insert(h.Card)
		s := p.asked(h)
		s, took := p.tapsTwice(w, s)
		if s.ID == "register.code" {
			return
		}
		if took < time.Second {
			t.Fatalf("after the double tap: %s %q %v", s.ID, s.Title, s.Body)
		}
		p.leaves(door)
	}
	t.Skip("this machine is too slow for a double tap")
}

// asked goes as far as the page that asks whether a code is to be sent.
func (p *person) asked(h *hospitaltest.Holder) text.Page {
	p.t.Helper()
	p.takes("egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.types(h.Passcode)
	p.choosesQuestions()
	return p.sees("register.email")
}

// tapsTwice taps on what the page is for, and again as soon as something else is
// there. It returns the page that comes of it, and after how long.
func (p *person) tapsTwice(w *world, s text.Page) (now text.Page, took time.Duration) {
	p.t.Helper()
	on, there := hospitaltest.Place(s, layouttest.Large(), typing.Target{Does: typing.Presses, Key: display.Enter})
	if !there {
		p.t.Fatalf("%s has no way on", s.ID)
	}
	x, y := (on.Rect.Min.X+on.Rect.Max.X)/2, (on.Rect.Min.Y+on.Rect.Max.Y)/2
	signal := func(what syscall.Signal) {
		if err := w.Central.Cmd.Process.Signal(what); err != nil {
			p.t.Fatal(err)
		}
	}
	signal(syscall.SIGSTOP)
	var last time.Time
	p.until("something else to touch", func(context.Context) bool {
		now = p.look()
		if now.ID == s.ID && len(now.Actions) == len(s.Actions) && time.Since(last) > 3*time.Second {
			last = time.Now() // a tap on a page that has just come means nothing
			p.taps(x, y)
		}
		return now.ID != s.ID || len(now.Actions) != len(s.Actions)
	})
	p.taps(x, y)
	signal(syscall.SIGCONT)
	for now.ID == s.ID {
		now = p.turns(now)
	}
	return now, time.Since(last)
}
