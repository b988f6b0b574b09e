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

	"unlockpoint/sync/central/web"
)

// letters is a card with one link.
type letters struct {
	token  string
	frozen bool
	err    error
}

func (l *letters) GoodLink(_ context.Context, token string) (bool, error) {
	return token == l.token, l.err
}

func (l *letters) Freeze(_ context.Context, token string) (bool, error) {
	l.frozen = l.frozen || token == l.token
	return token == l.token, l.err
}

func public(t *testing.T, l *letters, method, path string) (*http.Response, string) {
	t.Helper()
	h, err := web.Public(web.PublicConfig{Links: l, Contact: "the registration authority", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	body, _ := io.ReadAll(w.Result().Body)
	return w.Result(), string(body)
}

func TestALinkShowsOneButtonAndFreezesWhenItIsPressed(t *testing.T) {
	l := &letters{token: "abc"}
	for _, method := range []string{"GET", "HEAD", "GET"} {
		public(t, l, method, "/freeze/abc")
	}
	res, page := public(t, l, "GET", "/freeze/abc")
	if l.frozen {
		t.Fatal("to look at the page freezes")
	}
	if strings.Count(page, "<button") != 1 || !strings.Contains(page, `method="post"`) || strings.Contains(page, "abc") {
		t.Errorf("%s", page)
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy: %s", csp)
	}
	if _, page = public(t, l, "POST", "/freeze/abc"); !l.frozen || !strings.Contains(page, "has stopped") || strings.Contains(page, "<button") {
		t.Errorf("frozen %v\n%s", l.frozen, page)
	}
}

func TestThePublicServesNothingElse(t *testing.T) {
	for _, c := range []struct {
		method, path string
		fault        error
		status       int
	}{
		{"GET", "/freeze/other", nil, 404},
		{"POST", "/freeze/other", nil, 404},
		{"PUT", "/freeze/abc", nil, 405},
		{"GET", "/freeze/abc", errors.New("disk"), 503},
		{"POST", "/freeze/abc", errors.New("disk"), 503},
		{"GET", "/freeze/central.css", nil, 200},
		{"GET", "/", nil, 404},
		{"GET", "/freeze/", nil, 404},
		{"GET", "/metrics", nil, 404},
		{"GET", "/healthz", nil, 404},
		{"GET", "/freeze.html", nil, 404},
	} {
		res, body := public(t, &letters{token: "abc", err: c.fault}, c.method, c.path)
		if res.StatusCode != c.status || strings.Contains(body, "disk") {
			t.Errorf("%s %s: %d %s", c.method, c.path, res.StatusCode, body)
		}
	}
}
