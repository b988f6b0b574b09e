package web_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"unlockpoint/sync/wire"
)

// TestThePageOfAJobComesAsTerminalsAnswer: who answered is read before the last
// one has, and then the page ends. Nothing of it is made anew.
func TestThePageOfAJobComesAsTerminalsAnswer(t *testing.T) {
	o := open(t)
	o.central.late.Store(true)
	server := httptest.NewServer(o.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/jobs/01J", nil)
	must(t, err)
	r.AddCookie(&http.Cookie{Name: "__Host-unlockpoint", Value: o.as(wire.Engineer).Token})
	res, err := server.Client().Do(r)
	must(t, err)
	defer res.Body.Close()
	page := bufio.NewReader(res.Body)
	early := ""
	for !strings.Contains(early, "Look at it") {
		line, err := page.ReadString('\n')
		must(t, err)
		early += line
	}
	if !strings.Contains(early, "of 2 terminals") || strings.Contains(early, "ward-8") || strings.Contains(early, "http-equiv") {
		t.Error(early)
	}
	o.central.late.Store(false)
	rest, err := io.ReadAll(page)
	must(t, err)
	if late := string(rest); !strings.Contains(late, "ward-8") || !strings.Contains(late, "No answer in time") || strings.Contains(late, "ward-7") || !strings.Contains(late, "</html>") {
		t.Error(late)
	}
}

// TestAPageOfAJobThatIsBrokenOffSaysSo names how many are still awaited.
func TestAPageOfAJobThatIsBrokenOffSaysSo(t *testing.T) {
	o := open(t)
	o.central.late.Store(true)
	o.central.lost.Store(true)
	if _, page := o.ask(o.as(wire.Engineer), "GET", "/jobs/01J", nil); !strings.Contains(page, `Still awaited: 1. <a href="/jobs/01J">Look again</a>`) || strings.Contains(page, "Nothing more") {
		t.Error(page)
	}
}
