// Package page is the demo's web page: the terminal on its wall, the keypad,
// the tray of cards, the mailbox, and what central sees. Everything that
// happens on it is a call to the driver; the page itself decides nothing.
package page

import (
	"bytes"
	"embed"
	"net/http"
	"time"

	"unlockpoint/display/theme"
)

//go:embed static
var files embed.FS

// policy lets the page load from this program only, and nothing frame it.
const policy = "default-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// Register puts the page on / and what belongs to it under /static/.
func Register(mux *http.ServeMux) {
	mux.Handle("GET /{$}", careful(http.HandlerFunc(index)))
	mux.Handle("GET /static/", careful(http.FileServerFS(files)))
	mux.Handle("GET /static/regular.ttf", careful(font(theme.Regular)))
	mux.Handle("GET /static/semibold.ttf", careful(font(theme.SemiBold)))
}

// font serves the terminal's own type: the page around it speaks as it does.
func font(w theme.Weight) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "font/ttf")
		http.ServeContent(out, r, "", time.Time{}, bytes.NewReader(w.TTF()))
	})
}

func index(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "static/page.html")
}

// careful forbids the page whatever it does not need.
func careful(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin") // without any, a form of ours says it comes from nowhere
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}
