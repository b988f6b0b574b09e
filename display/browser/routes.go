package browser

import (
	_ "embed"
	"image/png"
	"net/http"
)

//go:embed panel.js
var script []byte

//go:embed panel.html
var page []byte

// ServeHTTP implements http.Handler.
func (p *Panel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !local(r.Host) {
		http.Error(w, "open this page by localhost or an IP address", http.StatusForbidden)
		return
	}
	p.mux.ServeHTTP(w, r)
}

func (p *Panel) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", static("text/html; charset=utf-8", page))
	mux.HandleFunc("GET /panel.js", static("text/javascript; charset=utf-8", script))
	mux.HandleFunc("GET /panel.png", p.picture)
	mux.HandleFunc("GET /ws", p.socket)
	return mux
}

func static(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
		w.Write(body) // the client went away, or it did not
	}
}

// picture is the pixels as they are now.
func (p *Panel) picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	encoder.Encode(w, p.Picture()) // the client went away, or it did not
}
