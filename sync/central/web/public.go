package web

import (
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
)

// Links are the links in letters to holders.
type Links interface {
	// GoodLink reports whether the token of a link works. It changes nothing.
	GoodLink(ctx context.Context, token string) (bool, error)
	// Freeze stops self-service for the card of the link's holder, and reports
	// whether the link works.
	Freeze(ctx context.Context, token string) (bool, error)
}

// PublicConfig is what the pages for holders need.
type PublicConfig struct {
	Links   Links
	Contact string // whom to tell when it was not you
	Log     *slog.Logger
}

// frozen is what the page of a link shows.
type frozen struct {
	Good, Done bool
	Contact    string
}

// Public serves the page of the link in every letter, and nothing else: it may
// be shown to everybody. To look at it changes nothing, as mail scanners follow
// links; its button stops self-service. It tells nobody whose card it is.
func Public(c PublicConfig) (http.Handler, error) {
	page, err := template.ParseFS(files, "pages/freeze.html")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	static, err := fs.Sub(files, "pages")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /freeze/central.css", http.StripPrefix("/freeze", http.FileServerFS(static)))
	mux.Handle("GET /freeze/{token}", c.link(page, func(ctx context.Context, token string) (frozen, error) {
		good, err := c.Links.GoodLink(ctx, token)
		return frozen{Good: good}, err
	}))
	mux.Handle("POST /freeze/{token}", c.link(page, func(ctx context.Context, token string) (frozen, error) {
		done, err := c.Links.Freeze(ctx, token)
		return frozen{Good: done, Done: done}, err
	}))
	// A browser that may tell no page at all where it comes from does not tell
	// the form's own server either.
	return strict(mux), nil
}

func (c PublicConfig) link(page *template.Template, do func(context.Context, string) (frozen, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := do(r.Context(), r.PathValue("token"))
		if err != nil {
			c.Log.Error("the page of a link could not be made", "err", err)
			http.Error(w, "This does not work at the moment. Call the IT booth.", http.StatusServiceUnavailable)
			return
		}
		f.Contact = c.Contact
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if !f.Good {
			w.WriteHeader(http.StatusNotFound)
		}
		page.Execute(w, f) // a reader that has gone needs no page
	})
}
