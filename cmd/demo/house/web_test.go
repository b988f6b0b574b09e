package house_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// Central's own pages are part of the demo, on its one address, and the demo's
// operator needs no password there.
func TestCentralsPages(t *testing.T) {
	l := live(t, t.TempDir())
	l.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ask := func(method, path, cookie string) (*http.Response, string) {
		request, err := http.NewRequestWithContext(t.Context(), method, l.Base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Cookie", cookie)
		response, err := l.Client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(body)
	}
	if response, _ := ask("GET", "/central/", ""); response.Header.Get("Location") != "/central/enter" {
		t.Errorf("a stranger gets %s to %q", response.Status, response.Header.Get("Location"))
	}
	response, _ := ask("POST", "/central/enter/demo", "")
	cookie, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";")
	for path, want := range map[string]string{"/central/": "Ward 7 corridor", "/central/central.css": "--blue", "/central/healthz": `"link_up":true`} {
		if response, body := ask("GET", path, cookie); response.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s answers %s: %s", path, response.Status, body)
		}
	}
}
