package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"

	"github.com/coder/websocket"
)

// person stands in front of one terminal: reads its page through the local
// socket, and presses and types through its browser panel.
type person struct {
	t      testing.TB
	socket string
	panel  *websocket.Conn
	seen   []string // pages so far, for messages
}

// approach opens the panel of a terminal, which may still be starting.
func approach(t testing.TB, socket, listen string) *person {
	t.Helper()
	p := &person{t: t, socket: socket}
	p.until("the panel", func(ctx context.Context) bool {
		conn, _, err := websocket.Dial(ctx, "ws://"+listen+"/ws", &websocket.DialOptions{
			HTTPHeader: http.Header{"Origin": {"http://" + listen}}})
		if err == nil {
			conn.SetReadLimit(-1)
			p.panel = conn
		}
		return err == nil
	})
	watching, stop := context.WithCancel(context.Background())
	t.Cleanup(func() { stop(); p.panel.CloseNow() })
	go drainPanel(watching, p.panel)
	return p
}

// drainPanel takes the frames off the line, as a browser would.
func drainPanel(ctx context.Context, c *websocket.Conn) {
	for {
		if _, _, err := c.Read(ctx); err != nil {
			return
		}
	}
}

// until asks again and again for something that another process does.
func (p *person) until(what string, done func(context.Context) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hospitaltest.Patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !done(ctx) {
		select {
		case <-again.C:
		case <-ctx.Done():
			p.t.Fatalf("waited in vain for %s; pages so far: %s; now: %+v", what, strings.Join(p.seen, " "), p.look())
		}
	}
}

// look reads the panel; an empty page means that no terminal answers.
func (p *person) look() text.Page {
	var s text.Page
	body, err := fetch(context.Background(), p.socket, "/page.json")
	if err != nil {
		return s
	}
	if err := json.Unmarshal(body, &s); err != nil {
		p.t.Fatalf("page.json: %v in %s", err, body)
	}
	if n := len(p.seen); n == 0 || p.seen[n-1] != s.ID {
		p.seen = append(p.seen, s.ID)
	}
	return s
}

// last is the page that was seen last.
func (p *person) last() string {
	if len(p.seen) == 0 {
		return ""
	}
	return p.seen[len(p.seen)-1]
}

// sees waits for one of the pages.
func (p *person) sees(ids ...string) text.Page {
	p.t.Helper()
	var s text.Page
	p.until("page "+strings.Join(ids, " or "), func(context.Context) bool {
		s = p.look()
		for _, id := range ids {
			if s.ID == id {
				return true
			}
		}
		return false
	})
	return s
}

// turns waits until another page than s shows.
func (p *person) turns(s text.Page) text.Page {
	p.t.Helper()
	var now text.Page
	p.until("the page after "+s.ID, func(context.Context) bool {
		now = p.look()
		return now.ID != "" && (now.ID != s.ID || now.Step != s.Step || now.Title != s.Title || now.Error != s.Error)
	})
	return now
}

func (p *person) send(message map[string]string) {
	p.t.Helper()
	raw, err := json.Marshal(message)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.panel.Write(context.Background(), websocket.MessageText, raw); err != nil {
		p.t.Fatalf("touch the panel: %v", err)
	}
}

func (p *person) presses(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.send(map[string]string{"key": k})
	}
}

func (p *person) types(text string) {
	p.t.Helper()
	p.send(map[string]string{"text": text})
	p.presses("Enter")
}

// chooses presses the key of the choice with these words.
func (p *person) chooses(s text.Page, words string) {
	p.t.Helper()
	for _, c := range s.Choices {
		if strings.Contains(c.Label, words) {
			p.presses(c.Key)
			return
		}
	}
	p.t.Fatalf("no choice %q on %s: %v", words, s.ID, s.Choices)
}

// answerTo is what this person answers to a question: the same each time.
func answerTo(question string) string {
	return fmt.Sprintf("My answer %x", len(question)*31+int(question[len(question)/2]))
}
