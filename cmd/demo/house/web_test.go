package house_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// Central's own pages are part of the demo, on its one address.
func TestCentralsPages(t *testing.T) {
	l := live(t, t.TempDir())
	for path, want := range map[string]string{"/central/": "Ward 7 corridor", "/central/central.css": "--blue", "/central/healthz": `"link_up":true`} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.Base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := l.Client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s answers %s: %v", path, response.Status, err)
		}
	}
}
