package house_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

// story is one person in one house. Every step that does not work ends the
// test.
type story struct {
	*testing.T
	living
	who *robot.Person
}

// begin opens a house for a story about Amina's card. Two questions make the
// same way as four, and a small panel shows the same pages, in half the time.
func begin(t *testing.T, changes ...func(*house.Config)) story {
	t.Helper()
	t.Parallel()
	l := live(t, t.TempDir(), append([]func(*house.Config){small, rules(func(*wire.Policy) {})}, changes...)...)
	return story{t, l, l.person("amina", "amina.shah@nhs.net")}
}

func small(c *house.Config) { c.Screen = layouttest.Small() }

// rules changes the policy of the stories.
func rules(change func(*wire.Policy)) func(*house.Config) {
	return func(c *house.Config) {
		c.Policy = func(p *wire.Policy) {
			p.Choose, p.Ask = 2, 2
			change(p)
		}
	}
}

// patient lets a page stand for an hour.
func patient(c *house.Config) { rules(func(p *wire.Policy) { p.PageTimeout = 3600 })(c) }

// slow makes every command of a card take a while.
func slow(c *house.Config) { c.CardTime = 100 * time.Millisecond }

// between puts something between the virtual reader and the terminal.
func between(put func(*simcard.Slot) reader.Slot) func(*house.Config) {
	return func(c *house.Config) { c.Between = put }
}

// blocked is the story of a registered card that is blocked and put in.
func blocked(t *testing.T, changes ...func(*house.Config)) story {
	t.Helper()
	s := begin(t, changes...)
	s.insert()
	s.ok(s.who.Register(t.Context()))
	s.remove()
	s.ok(s.who.Block(t.Context()))
	s.insert()
	s.shows("card.locked")
	return s
}

func (s story) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s story) insert() { s.Helper(); s.ok(s.who.Insert(s.Context())) }

// remove takes the card out and waits for the terminal to be ready again.
func (s story) remove() { s.Helper(); s.ok(s.who.Remove(s.Context())) }

// pull takes the card out in the middle of something.
func (s story) pull() { s.Helper(); s.set("/cards/"+s.who.Card+"/remove", struct{}{}) }

func (s story) press(key string) { s.Helper(); s.ok(s.Press(s.Context(), key)) }

// enter types a text and presses Enter.
func (s story) enter(text string) {
	s.Helper()
	s.ok(s.Type(s.Context(), text))
	s.press("Enter")
}

// to goes on until a page shows.
func (s story) to(goal string, ways map[string]robot.Way) {
	s.Helper()
	s.ok(s.who.Walk(s.Context(), goal, ways))
}

// later moves time on.
func (s story) later(seconds int) { s.Helper(); s.set("/clock", map[string]int{"advance_s": seconds}) }

func (s story) link(up bool) { s.Helper(); s.set("/link", map[string]bool{"up": up}) }

func (s story) mails(mode string) { s.Helper(); s.set("/mail", map[string]string{"mode": mode}) }

func (s story) set(path string, body any) { s.Helper(); s.post(s.T, path, body) }

// shows waits for a page and looks for words on it.
func (s story) shows(id string, words ...string) robot.Page {
	s.Helper()
	p := s.await(s.T, id)
	for _, w := range words {
		if !strings.Contains(text(p), w) {
			s.Fatalf("%s does not say %q:\n%s", id, w, text(p))
		}
	}
	return p
}

// says waits until the present page says something: it may learn it later.
func (s story) says(id, words string) robot.Page {
	s.Helper()
	p := s.shows(id)
	s.until(id+" says "+words, func() bool {
		if p = s.page(); p.ID != id {
			s.Fatalf("page %s came before %s said %q", p.ID, id, words)
		}
		return strings.Contains(text(p), words)
	})
	return p
}

// until looks again and again, for much longer than anything here takes.
func (s story) until(what string, done func() bool) {
	s.Helper()
	ctx, stop := context.WithTimeout(s.Context(), time.Minute)
	defer stop()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			s.Fatalf("never came: %s\n%s", what, text(s.page()))
		case <-ticker.C:
		}
	}
}

func (s story) page() robot.Page {
	s.Helper()
	p, err := s.Page(s.Context())
	s.ok(err)
	return p
}

func text(p robot.Page) string {
	lines := append([]string{p.Title}, p.Body...)
	for _, o := range slices.Concat(p.Choices, p.Actions) {
		lines = append(lines, o.Key+" "+o.Label)
	}
	return strings.Join(append(lines, p.Error), "\n")
}

// unlocked checks that the card takes the new passcode.
func (s story) unlocked() {
	s.Helper()
	ok, err := s.who.Accepts(s.Context(), s.who.NewPasscode)
	s.ok(err)
	if !ok {
		s.Error("the card does not take the new passcode")
	}
}

// wrong is a code that is not the right one.
func wrong(right string) string {
	if right == "111111" {
		return "222222"
	}
	return "111111"
}
