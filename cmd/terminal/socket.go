package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"unlockpoint/device/appliance"
	"unlockpoint/display/text"
)

// listenSocket makes the local socket, which only this user may use. A socket
// left behind by a crash is taken over; one that answers is not.
func listenSocket(path string) (net.Listener, error) {
	if c, err := net.Dial("unix", path); err == nil {
		c.Close()
		return nil, fmt.Errorf("%s: another terminal is running there: stop it, or give this one a data folder of its own", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}

// socketHandler answers the other calls of this program.
func socketHandler(a *appliance.Appliance) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /card", func(w http.ResponseWriter, r *http.Request) {
		status, err := a.Card(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		json.NewEncoder(w).Encode(cardOf(status))
	})
	mux.HandleFunc("GET /page.json", func(w http.ResponseWriter, r *http.Request) {
		page, err := text.JSON(a.Page())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(page)
	})
	mux.HandleFunc("GET /page.txt", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, text.Of(a.Page()))
	})
	return mux
}

// errNotRunning says that nothing listens on the socket.
var errNotRunning = errors.New("no terminal is running")

// fetch asks the running terminal.
func fetch(ctx context.Context, socket, path string) ([]byte, error) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://terminal"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w at %s (%w)", errNotRunning, socket, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the terminal said: %s", body)
	}
	return body, err
}
