// Package driver lets a program do at a terminal what a person does, and see
// what a person sees: pages, keys, touches, cards, mail, and the switches of
// the demo. It is plain HTTP with small JSON, for tests and field tools.
//
// Its words: the house is everything that the demo runs; a call is one line
// of the table in README.md.
//
// It listens to the same machine only: a request that names another host, or
// that a web page of another origin sent, is refused. It is compiled into
// the demo and into no other program, and it decides nothing itself.
package driver

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"net/http"
	"time"

	"unlockpoint/display"
	"unlockpoint/sync/central/mail/catcher"
)

// Terminal is the terminal on the wall. It stays the same value when the
// terminal behind it is stopped and started again.
type Terminal interface {
	// Page is what the person sees now.
	Page() display.Page
	// PageAfter waits until a page shows that a person would call another
	// one, or ctx ends, and returns what shows then.
	PageAfter(ctx context.Context, seen display.Page) display.Page
	// Press presses a key of the pad, by its name in package display.
	Press(ctx context.Context, key string) error
	// Type types one character, as a computer's keyboard would.
	Type(ctx context.Context, r rune) error
	// Touch touches the glass at a pixel.
	Touch(ctx context.Context, at image.Point) error
	// Picture is what the panel shows.
	Picture() image.Image
	// Restart stops the terminal without warning and starts it again.
	Restart(ctx context.Context) error
}

// Tray holds the cards that can be put in.
type Tray interface {
	Cards() []Card
	Card(name string) (Card, error)
	Insert(ctx context.Context, name string) error
	Remove(ctx context.Context, name string) error
	Verify(ctx context.Context, name, passcode string) (accepted bool, err error)
}

// House is the rest of the demo: mail, central, and the switches.
type House interface {
	Mails() []catcher.Mail
	MailMode() catcher.Mode
	SetMailMode(catcher.Mode)
	Overview(ctx context.Context) (any, error)
	LinkUp() bool
	SetLink(up bool)
	ReaderPresent() bool
	SetReader(present bool) error
	// Advance moves central's and the terminal's time on.
	Advance(ctx context.Context, d time.Duration) error
	Now() time.Time
}

// ErrNoCard says that the tray has no card of that name. ErrNotHere says that
// this demo cannot do it, and why.
var (
	ErrNoCard  = errors.New("no card of that name in the tray")
	ErrNotHere = errors.New("not in this demo")
)

// Card is one card of the tray, with what a test may want to check.
type Card struct {
	Name          string   `json:"name"`
	Holder        string   `json:"holder"`
	About         string   `json:"about"`
	Profile       string   `json:"profile"`
	ID            string   `json:"id"`
	Inserted      bool     `json:"inserted"`
	Passcode      string   `json:"printed_passcode"` // as printed on the demo card; an unlock does not change the print
	AsPrinted     bool     `json:"as_printed"`       // nobody has chosen another
	PasscodeTries int      `json:"passcode_tries"`
	PUKTries      int      `json:"puk_tries"`
	Verified      Verified `json:"verified"`
}

// Verified counts the commands that tested a secret, since the card came into
// the tray.
type Verified struct {
	Passcode int `json:"passcode"` // VERIFY, and CHANGE REFERENCE DATA
	Unblock  int `json:"unblock"`  // RESET RETRY COUNTER
	Commands int `json:"commands"` // of all instructions
}

// Driver answers the calls.
type Driver struct {
	terminal Terminal
	tray     Tray
	house    House
	log      *slog.Logger
}

// New returns a driver of one terminal and its house.
func New(t Terminal, tray Tray, h House, log *slog.Logger) *Driver {
	return &Driver{terminal: t, tray: tray, house: h, log: log}
}

// Register puts every call of the driver on mux. What is not in the table is
// left to mux, which answers 404, or 405 for another method.
func (d *Driver) Register(mux *http.ServeMux) {
	for pattern, answer := range d.calls() {
		mux.Handle(pattern, d.wrap(answer))
	}
	mux.HandleFunc("GET /terminal/page.txt", d.pageText)
	mux.HandleFunc("GET /terminal/panel.png", d.panel)
}

// call does one thing and returns the object to answer with.
type call func(*http.Request) (any, error)

func (d *Driver) calls() map[string]call {
	return map[string]call{
		"GET /terminal/page.json":   d.page,
		"POST /terminal/key":        d.key,
		"POST /terminal/touch":      d.touch,
		"POST /terminal/restart":    d.restart,
		"GET /cards.json":           d.cards,
		"GET /cards/{file}":         d.card,
		"POST /cards/{name}/insert": d.insert,
		"POST /cards/{name}/remove": d.remove,
		"POST /cards/{name}/verify": d.verify,
		"GET /mail.json":            d.mails,
		"POST /mail":                d.mailMode,
		"POST /link":                d.link,
		"POST /reader":              d.reader,
		"POST /clock":               d.clock,
		"GET /central.json":         d.central,
	}
}
