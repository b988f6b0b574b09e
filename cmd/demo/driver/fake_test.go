package driver

import (
	"context"
	"image"
	"time"

	"unlockpoint/display"
	"unlockpoint/sync/central/mail/catcher"
)

// house is a small terminal, tray and house in memory. One goroutine at a
// time uses it, but for the waiting in PageAfter.
type house struct {
	page    display.Page
	next    chan display.Page
	pressed []string
	typed   string
	touched []image.Point
	cards   map[string]*Card
	mode    catcher.Mode
	mails   []catcher.Mail
	link    bool
	reader  bool
	now     time.Time
	starts  int
}

var (
	_ Terminal = (*house)(nil)
	_ Tray     = (*house)(nil)
	_ House    = (*house)(nil)
)

func newHouse() *house {
	return &house{
		page: display.Page{
			ID: "unlock.code", Title: "Enter the code", Body: []string{"We sent a code."}, Session: 7, SecondsLeft: 812,
			Field:   &display.Field{Kind: display.CodeField, Label: "Code", Value: display.NewSecret("123"), Max: 6},
			Actions: []display.Action{{Key: display.Enter, Label: "Continue"}},
		},
		next: make(chan display.Page, 1),
		cards: map[string]*Card{
			"amina": {Name: "amina", Holder: "Amina Shah", Profile: "piv", Passcode: "246810", PasscodeTries: 3, PUKTries: 3},
		},
		mode: catcher.Accept, link: true, reader: true,
		now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
}

func (h *house) Page() display.Page { return h.page }

func (h *house) PageAfter(ctx context.Context, seen display.Page) display.Page {
	select {
	case h.page = <-h.next:
	case <-ctx.Done():
	}
	return h.page
}

func (h *house) Press(_ context.Context, key string) error {
	h.pressed = append(h.pressed, key)
	return nil
}

func (h *house) Type(_ context.Context, r rune) error { h.typed += string(r); return nil }

func (h *house) Touch(_ context.Context, at image.Point) error {
	h.touched = append(h.touched, at)
	return nil
}

func (h *house) Picture() image.Image          { return image.NewGray(image.Rect(0, 0, 800, 480)) }
func (h *house) Restart(context.Context) error { h.starts++; return nil }

func (h *house) Cards() []Card { return []Card{*h.cards["amina"]} }

func (h *house) Card(name string) (Card, error) {
	if c, ok := h.cards[name]; ok {
		return *c, nil
	}
	return Card{}, ErrNoCard
}

func (h *house) Insert(_ context.Context, name string) error { return h.set(name, true) }
func (h *house) Remove(_ context.Context, name string) error { return h.set(name, false) }

func (h *house) set(name string, in bool) error {
	c, ok := h.cards[name]
	if !ok {
		return ErrNoCard
	}
	c.Inserted = in
	return nil
}

func (h *house) Verify(_ context.Context, name, passcode string) (bool, error) {
	c, ok := h.cards[name]
	if !ok {
		return false, ErrNoCard
	}
	if passcode == c.Passcode {
		return true, nil
	}
	c.PasscodeTries--
	return false, nil
}

func (h *house) Mails() []catcher.Mail                 { return h.mails }
func (h *house) MailMode() catcher.Mode                { return h.mode }
func (h *house) SetMailMode(m catcher.Mode)            { h.mode = m }
func (h *house) Overview(context.Context) (any, error) { return map[string]int{"registered": 2}, nil }
func (h *house) LinkUp() bool                          { return h.link }
func (h *house) SetLink(up bool)                       { h.link = up }
func (h *house) ReaderPresent() bool                   { return h.reader }
func (h *house) SetReader(present bool) error          { h.reader = present; return nil }
func (h *house) Now() time.Time                        { return h.now }

func (h *house) Advance(_ context.Context, d time.Duration) error {
	h.now = h.now.Add(d)
	return nil
}
