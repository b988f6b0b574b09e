package robot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Hands are what a person presses keys and types with.
type Hands interface {
	Press(ctx context.Context, key string) error
	Type(ctx context.Context, text string) error
}

var _ Hands = Driver{}

// Person is one holder of a card, as the robot plays them.
type Person struct {
	Driver
	Hands       Hands  // in place of the driver's keys; may be nil
	Card        string // name in the tray
	Address     string // where their mail goes
	Passcode    string // the present one
	NewPasscode string
	Seen        func(Page, time.Duration) // hears of every page and how long it showed

	MailWait time.Duration // how long they waited for mail

	answers map[string]string // by question, as the page words it
	chosen  string            // the question that the next answer is for
	mails   int               // how many mails they have read
	code    string            // of the present journey, once it was read
}

// errTooLong says that the goal did not come.
var errTooLong = errors.New("the page did not come")

// maxPages is more than any journey has; a robot that goes round in a circle
// stops there.
const maxPages = 120

// Walk does on every page what brings the person on, until goal shows.
func (p *Person) Walk(ctx context.Context, goal string, ways map[string]Way) error {
	page, err := p.Page(ctx)
	since := time.Now()
	for range maxPages {
		if err != nil {
			return err
		}
		if page.ID == goal {
			p.tell(page, 0)
			return nil
		}
		next, err := p.leave(ctx, page, ways)
		if err != nil {
			return fmt.Errorf("on page %s (%q): %w", page.ID, page.Title, err)
		}
		p.tell(page, time.Since(since))
		page, since = next, time.Now()
	}
	return fmt.Errorf("waiting for %s on page %s (%q): %w", goal, page.ID, page.Title, errTooLong)
}

func (p *Person) tell(page Page, d time.Duration) {
	if p.Seen != nil {
		p.Seen(page, d)
	}
}

// Way is what a person does on a page. It returns no error for a page that
// needs waiting only.
type Way func(ctx context.Context, p *Person, page Page) error

// leave does what the page asks for and returns the page after it.
func (p *Person) leave(ctx context.Context, page Page, ways map[string]Way) (Page, error) {
	if err := p.Act(ctx, page, ways); err != nil {
		return page, err
	}
	next, err := p.Page(ctx)
	if err == nil && next.Same(page) && next.Error == "" {
		next, err = p.waited(ctx, page)
	}
	if err == nil && next.Same(page) {
		err = fmt.Errorf("the page says %q", next.Error)
	}
	return next, err
}

// Act does what one page asks for, which is nothing where there is no way.
func (p *Person) Act(ctx context.Context, page Page, ways map[string]Way) error {
	if newCodeAfter(page.ID) {
		p.code = ""
	}
	if way, ok := ways[page.ID]; ok {
		return way(ctx, p, page)
	}
	return nil
}

// patience is how often a person waits for as long as the driver does, 10 s,
// until another page shows.
const patience = 6

// waited waits for another page, or for another word on this one.
func (p *Person) waited(ctx context.Context, page Page) (Page, error) {
	for range patience {
		next, err := p.After(ctx, page)
		if err != nil || !next.Same(page) || next.Error != page.Error {
			return next, err
		}
	}
	return page, errTooLong
}

// Press is the way through a page that needs one key.
func Press(key string) Way {
	return func(ctx context.Context, p *Person, _ Page) error { return p.hands().Press(ctx, key) }
}

// Fill is the way through a page that asks for a text.
func Fill(text func(*Person, Page) (string, error)) Way {
	return func(ctx context.Context, p *Person, page Page) error {
		s, err := text(p, page)
		if err != nil {
			return err
		}
		if err := p.hands().Type(ctx, s); err != nil {
			return err
		}
		return p.hands().Press(ctx, "Enter")
	}
}

func (p *Person) hands() Hands {
	if p.Hands != nil {
		return p.Hands
	}
	return p.Driver
}

// choose takes the first question of the page and keeps its words.
func choose(ctx context.Context, p *Person, page Page) error {
	if len(page.Choices) == 0 {
		return errors.New("there is nothing to choose")
	}
	p.chosen = page.Choices[0].Label
	return p.hands().Press(ctx, page.Choices[0].Key)
}

// words are answers. No two neighbours of a word are on one key of the pad,
// where multi-tap would have to wait.
const words = "juniper lantern marble harbour violet winter planet magnet"

// invent makes an answer for the question chosen last, and remembers it.
func invent(p *Person, _ Page) (string, error) {
	if p.answers == nil {
		p.answers = map[string]string{}
	}
	answer, known := p.answers[p.chosen]
	if !known {
		answer = strings.Fields(words)[len(p.answers)%8]
		p.answers[p.chosen] = answer
	}
	return answer, nil
}

// remember finds the answer to the question on the page.
func remember(p *Person, page Page) (string, error) {
	for question, answer := range p.answers {
		if page.Says(question) {
			return answer, nil
		}
	}
	return "", errors.New("this question was never chosen")
}

// newCodeAfter reports whether a code that was read before is of no use after
// the page.
func newCodeAfter(id string) bool {
	switch id {
	case "register.start", "unlock.warning", "code.expired", "code.used-up":
		return true
	}
	return false
}

// maxMail is how long a person waits for mail, which takes milliseconds here.
const maxMail = 20 * time.Second

// code gives the code of this journey, which may be asked for more than once,
// or waits for the mail that brings it.
func code(p *Person, _ Page) (string, error) {
	if p.code != "" {
		return p.code, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxMail)
	defer cancel()
	start := time.Now()
	defer func() { p.MailWait += time.Since(start) }()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		found, err := p.newCode(ctx)
		if found != "" || err != nil {
			return found, err
		}
		select {
		case <-ctx.Done():
			return "", errors.New("no mail with a code came")
		case <-ticker.C:
		}
	}
}

func (p *Person) newCode(ctx context.Context) (string, error) {
	var box struct {
		Mails []struct {
			Number int    `json:"n"`
			To     string `json:"to"`
			Code   string `json:"code"`
		} `json:"mails"`
	}
	if err := p.Get(ctx, "/mail.json", &box); err != nil {
		return "", err
	}
	for _, m := range box.Mails { // newest first
		if m.Number > p.mails && m.To == p.Address && m.Code != "" {
			p.mails, p.code = m.Number, m.Code
			return m.Code, nil
		}
	}
	return "", nil
}
