package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/central/web"
)

type source struct{ err error }

func (s source) Overview(context.Context) (web.Overview, error) {
	return web.Overview{At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), LinkUp: true, MailQueue: 7,
		Counts: []web.Count{{Name: "registered", N: 41}},
		Terminals: []web.Terminal{{ID: "ward-7", Name: "<b>Ward 7</b>", Site: "east", Online: true},
			{ID: "ward-8", Name: "Ward 8", Quarantine: "there are two of it"}}}, s.err
}

func (s source) LinkUp(context.Context) (bool, error) { return true, s.err }

func get(t *testing.T, s source, method, path string) (*http.Response, string) {
	t.Helper()
	h, err := web.Handler(web.Config{Source: s, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	body, _ := io.ReadAll(w.Result().Body)
	return w.Result(), string(body)
}

func TestTheOverviewShowsNumbersAndTerminals(t *testing.T) {
	res, page := get(t, source{}, "GET", "/")
	for _, want := range []string{"<b>41</b>", "<b>7</b>", "Up", "ward-7", "Online", "Quarantine", "there are two of it", "&lt;b&gt;Ward 7"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q missing in\n%s", want, page)
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy: %s", csp)
	}
	if strings.Contains(page, "style=") || strings.Contains(page, "<script") {
		t.Error("the page needs what its policy forbids")
	}
}

func TestPagesOfALoopbackServer(t *testing.T) {
	for _, c := range []struct {
		method, path string
		fault        error
		status       int
	}{
		{"GET", "/healthz", nil, 200},
		{"GET", "/healthz", errors.New("disk"), 503},
		{"GET", "/", errors.New("disk"), 503},
		{"GET", "/metrics", nil, 200},
		{"GET", "/central.css", nil, 200},
		{"GET", "/overview.html", nil, 404},
		{"POST", "/", nil, 405},
	} {
		if res, body := get(t, source{c.fault}, c.method, c.path); res.StatusCode != c.status || strings.Contains(body, "disk") {
			t.Errorf("%s %s: %d %s", c.method, c.path, res.StatusCode, body)
		}
	}
}
