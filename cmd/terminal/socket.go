package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"unlockpoint/device/appliance"
	"unlockpoint/device/serial"
	"unlockpoint/display"
	"unlockpoint/display/text"
	"unlockpoint/sync/socket"
)

// socketHandler answers the other calls of this program.
func socketHandler(a *appliance.Appliance, console *serial.Console) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /console", consoleHandler(console))
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, r *http.Request) {
		var text bytes.Buffer
		if err := console.Report(r.Context(), &text); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		text.WriteTo(w)
	})
	mux.HandleFunc("GET /card", func(w http.ResponseWriter, r *http.Request) {
		status, err := a.Card(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		json.NewEncoder(w).Encode(cardOf(status))
	})
	mux.HandleFunc("GET /page.json", func(w http.ResponseWriter, r *http.Request) {
		page, err := text.JSON(shown(r.Context(), a))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(page)
	})
	mux.HandleFunc("GET /page.txt", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, text.Of(shown(r.Context(), a)))
	})
	return mux
}

// patience is how long the running terminal may take to answer.
const patience = 5 * time.Second

// fetch asks the running terminal. The error is socket.ErrNobody when none
// runs there.
func fetch(ctx context.Context, at, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := socket.HTTP(at)
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://terminal"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the running terminal: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the terminal said: %s", body)
	}
	return body, err
}

// shown is the page of now, once it is on the panel: what is pressed because of it
// must not come before it. A panel that does not work is not waited for.
func shown(ctx context.Context, a *appliance.Appliance) display.Page {
	page := a.Page()
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	a.Settle(ctx)
	return page
}
