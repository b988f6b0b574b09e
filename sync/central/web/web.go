// Package web is central's own pages: [Handler]'s for people who look after
// it, how many, how long, what is up; and [Public]'s for holders, the page of
// the link in their letters. Nothing on them is about a card or a person.
//
// Handler's pages change nothing and ask for no log-in, and therefore listen
// on loopback unless told otherwise.
package web

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

//go:embed pages
var files embed.FS

// Overview is what the first page shows.
type Overview struct {
	At        time.Time  `json:"at"`
	LinkUp    bool       `json:"link_up"`
	MailQueue int        `json:"mail_queue"`
	Terminals []Terminal `json:"terminals"`
	Counts    []Count    `json:"counts"`
}

// Terminal is one terminal as the page shows it.
type Terminal struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Site       string    `json:"site"`
	Online     bool      `json:"online"`
	Since      time.Time `json:"since,omitzero"`
	Build      string    `json:"build,omitempty"`
	Quarantine string    `json:"quarantine,omitempty"`
	Retired    bool      `json:"retired,omitempty"`
}

// Count is one number with its name.
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Source tells what to show.
type Source interface {
	Overview(ctx context.Context) (Overview, error)
	LinkUp(ctx context.Context) (bool, error) // fails when central is not well
}

// Config of the pages.
type Config struct {
	Source  Source
	Metrics prometheus.Gatherer
	Log     *slog.Logger
}

// Handler serves the pages, /healthz and /metrics.
func Handler(c Config) (http.Handler, error) {
	page, err := template.New("overview.html").Funcs(template.FuncMap{"when": when}).ParseFS(files, "pages/overview.html")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	static, err := fs.Sub(files, "pages")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", c.overview(page))
	mux.Handle("GET /central.css", http.FileServerFS(static))
	mux.Handle("GET /healthz", c.health())
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.Metrics, promhttp.HandlerOpts{}))
	return strict(mux, "'none'", "no-referrer"), nil
}

func when(t time.Time) string { return t.Format("2 January 2006, 15:04:05 MST") }

func (c Config) overview(page *template.Template) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o, err := c.Source.Overview(r.Context())
		if err != nil {
			c.fault(w, err)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page.Execute(w, o) // a reader that has gone needs no page
	})
}

// health says 200 while the store answers; the link may be down meanwhile.
func (c Config) health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up, err := c.Source.LinkUp(r.Context())
		if err != nil {
			c.fault(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]bool{"ok": true, "link_up": up})
	})
}

func (c Config) fault(w http.ResponseWriter, err error) {
	c.Log.Error("central's page could not be made", "err", err)
	http.Error(w, "central cannot read its store", http.StatusServiceUnavailable)
}

// strict forbids a page whatever it does not need: forms may go to action.
func strict(next http.Handler, action, referrer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action "+action+"; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", referrer)
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
