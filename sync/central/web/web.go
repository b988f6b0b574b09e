// Package web is central's own pages for the people who look after terminals
// and cards: what there is, what happened, and the acts of their role.
//
// Its words: a page is shown to an operator who is logged in (package login);
// an act is what the program "fleet" would ask for, by the same kinds and for
// the same roles (package wire); a form offers one. [Public] is for holders: the
// page of the link in their letters. The pages decide nothing themselves, and
// need no script.
package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"unlockpoint/sync/central/login"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/wire"
)

//go:embed pages
var files embed.FS

// Overview is what the first page shows, besides terminals.
type Overview struct {
	At        time.Time `json:"at"`
	LinkUp    bool      `json:"link_up"`
	MailQueue int       `json:"mail_queue"`
	Counts    []Count   `json:"counts"`
}

// Count is one number with its name.
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Central tells what to show and does what it is asked for.
type Central interface {
	Overview(ctx context.Context) (Overview, error)
	LinkUp(ctx context.Context) (bool, error) // fails when central is not well

	// Do does an act of an operator, with a body as in their note, and returns
	// its result. Why it was refused is a socket.Refused.
	Do(ctx context.Context, by operators.Operator, kind wire.Kind, body any) (json.RawMessage, error)
}

// Config of the pages.
type Config struct {
	Central Central
	Logins  *login.Desk
	Metrics prometheus.Gatherer
	Steps   []string // pages of terminals, in the order in which people meet them
	Log     *slog.Logger
	Base    string // the path that they are under, such as "/central"; its slash left out
}

// pages are made of these files, each of them within frame.html.
var names = []string{"enter", "overview", "terminal", "events", "steps", "job", "settings", "differences", "cards", "card", "audit", "password", "done", "refused"}

// site is a Config with its templates read.
type site struct {
	Config
	templates map[string]*template.Template
}

// Handler serves the pages, /healthz and /metrics.
func Handler(c Config) (http.Handler, error) {
	s := site{Config: c, templates: map[string]*template.Template{}}
	for _, name := range names {
		t, err := template.New("frame.html").Funcs(say).ParseFS(files, "pages/frame.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("reading the pages: %w", err)
		}
		s.templates[name] = t
	}
	static, err := fs.Sub(files, "pages")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	mux := http.NewServeMux()
	for pattern, h := range s.open(static) {
		mux.Handle(pattern, h)
	}
	for _, r := range routes {
		mux.Handle(r.pattern, s.behind(r))
	}
	return strict(http.NewCrossOriginProtection().Handler(mux)), nil
}

// open are the addresses that need no log-in.
func (s site) open(static fs.FS) map[string]http.Handler {
	return map[string]http.Handler{
		"GET /central.css": http.FileServerFS(static),
		"GET /healthz":     s.health(),
		"GET /metrics":     promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}),
		"GET /enter":       http.HandlerFunc(s.door),
		"POST /enter":      http.HandlerFunc(s.enter),
	}
}

// health says 200 while the store answers; the link may be down meanwhile.
func (s site) health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up, err := s.Central.LinkUp(r.Context())
		if err != nil {
			s.fault(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]bool{"ok": true, "link_up": up})
	})
}

func (s site) fault(w http.ResponseWriter, err error) {
	s.Log.Error("central's page could not be made", "err", err)
	http.Error(w, "central cannot read its store", http.StatusServiceUnavailable)
}

// strict forbids a page whatever it does not need, and lets nobody in before
// their form is here.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // without any, a form of ours says that it comes from nowhere
		h.Set("Cache-Control", "no-store")
		form, err := whole(w, r)
		if err != nil {
			h.Set("Connection", "close")
			http.Error(w, "The form is too long, or took too long to come.", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(form))
		next.ServeHTTP(w, r)
	})
}

// Far more than any of our forms has, and takes.
const (
	maxForm  = 64 << 10 // bytes
	formTime = 30 * time.Second
)

// whole reads a form. One that does not come keeps no connection: net/http
// waits for it even where nobody reads it.
func whole(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	line := http.NewResponseController(w)
	line.SetReadDeadline(time.Now().Add(formTime)) // in a test there may be no connection
	form, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err == nil {
		line.SetReadDeadline(time.Time{}) // a page may take longer
	}
	return form, err
}
