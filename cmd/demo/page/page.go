// Package page is the demo's web page: the terminal on its wall, the keypad,
// the tray of cards, the mailbox, and what central sees. Everything that
// happens on it is a call to the driver; the page itself decides nothing.
package page

import (
	"embed"
	"net/http"
)

//go:embed static
var files embed.FS

// policy lets the page load from this program only, and nothing frame it.
const policy = "default-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// Register puts the page on / and what belongs to it under /static/.
func Register(mux *http.ServeMux) {
	mux.Handle("GET /{$}", careful(http.HandlerFunc(index)))
	mux.Handle("GET /static/", careful(http.FileServerFS(files)))
}

func index(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "static/page.html")
}

// careful forbids the page whatever it does not need.
func careful(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}
