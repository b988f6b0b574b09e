package house

import (
	"context"
	"errors"
	"net/http"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/cmd/demo/page"
)

// handler is everything the demo answers: the page, the panel's pixels, and
// the driver.
func (h *House) handler() http.Handler {
	mux := http.NewServeMux()
	driver.New(h.wall, h.tray, h, h.cfg.Log).Register(mux)
	mux.Handle("GET /panel/", http.StripPrefix("/panel", h.panel))
	page.Register(mux)
	return driver.LocalOnly(mux)
}

// serve answers on the page's address until ctx ends.
func (h *House) serve(ctx context.Context) error {
	server := &http.Server{Handler: h.handler(), ReadHeaderTimeout: 5 * time.Second}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		server.Close()
	})
	err := server.Serve(h.cfg.Listener)
	if !stop() {
		<-closed
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
