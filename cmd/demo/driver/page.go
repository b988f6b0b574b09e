package driver

import (
	"context"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"time"

	"unlockpoint/display/text"
)

// patience is how long a call with ?after= waits for another page.
const patience = 10 * time.Second

// page answers with what shows; with ?after=ID only once that id is not
// what shows, or 10 s went by. One question after the other has the same id:
// another title or step is another page too.
func (d *Driver) page(r *http.Request) (any, error) {
	p := d.terminal.Page()
	if after := r.URL.Query().Get("after"); after != "" && after == p.ID {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		d.terminal.PageAfter(ctx, p)
	}
	return d.shown()
}

// shown is the page as it is now.
func (d *Driver) shown() (any, error) {
	raw, err := text.JSON(d.terminal.Page())
	return json.RawMessage(raw), err
}

func (d *Driver) pageText(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := io.WriteString(w, text.Of(d.terminal.Page())); err != nil {
		d.log.Debug("send the page's text", "err", err)
	}
}

func (d *Driver) panel(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	if err := png.Encode(w, d.terminal.Picture()); err != nil {
		d.log.Debug("send the panel's picture", "err", err)
	}
}
