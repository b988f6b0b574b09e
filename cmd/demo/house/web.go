package house

import (
	"context"
	"errors"
	"net/http"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/cmd/demo/page"
	"unlockpoint/sync/central/web"
)

// handler is everything the demo answers: the page, the panel's pixels,
// central's own pages, and the driver.
func (h *House) handler() (http.Handler, error) {
	own, err := h.central.Pages("/central")
	if err != nil {
		return nil, err
	}
	public, err := h.central.PublicPages()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/freeze/", public)
	driver.New(h.wall, h.tray, h, h.cfg.Log).Register(mux)
	mux.Handle("GET /panel/", http.StripPrefix("/panel", h.panel))
	mux.Handle("/central/", http.StripPrefix("/central", own))
	mux.HandleFunc("POST /central/enter/demo", h.enterCentral)
	page.Register(mux)
	return driver.LocalOnly(mux), nil
}

// enterCentral shows central's pages to whoever tries the demo, as its administrator.
func (h *House) enterCentral(w http.ResponseWriter, r *http.Request) {
	visit, err := h.central.Enter(r.Context(), administrator)
	if err != nil {
		h.cfg.Log.Error("central let nobody in", "err", err)
		http.Error(w, "central cannot write into its store", http.StatusServiceUnavailable)
		return
	}
	web.SetVisit(w, visit)
	http.Redirect(w, r, "/central/", http.StatusSeeOther)
}

// serve answers on the page's address until ctx ends.
func (h *House) serve(ctx context.Context) error {
	all, err := h.handler()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: all, ReadHeaderTimeout: 5 * time.Second}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		server.Close()
	})
	err = server.Serve(h.cfg.Listener)
	if !stop() {
		<-closed
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
