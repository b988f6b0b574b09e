package driver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/sync/central/mail/catcher"
)

func handler(h *house) http.Handler {
	mux := http.NewServeMux()
	New(h, h, h, slog.New(slog.DiscardHandler)).Register(mux)
	return LocalOnly(mux)
}

func do(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Every call of the table answers as the table says.
func TestCalls(t *testing.T) {
	for _, c := range []struct{ method, path, body, says string }{
		{"GET", "/terminal/page.json", "", `"id":"unlock.code"`},
		{"GET", "/terminal/page.json?after=idle", "", `"count":3,"max":6`},
		{"GET", "/terminal/page.txt", "", "Enter the code"},
		{"POST", "/terminal/key", `{"key":"Enter"}`, `"seconds_left":812`},
		{"POST", "/terminal/key", `{"text":"abc"}`, `"session":7`},
		{"POST", "/terminal/touch", `{"x":1,"y":2}`, `"id":"unlock.code"`},
		{"POST", "/terminal/restart", "", `"id":"unlock.code"`},
		{"GET", "/cards.json", "", `[{"name":"amina"`},
		{"GET", "/cards/amina.json", "", `"passcode_tries":3`},
		{"POST", "/cards/amina/insert", "", `"inserted":true`},
		{"POST", "/cards/amina/remove", "", `"inserted":false`},
		{"POST", "/cards/amina/verify", `{"passcode":"246810"}`, `"accepted":true`},
		{"POST", "/cards/amina/verify", `{"passcode":"000000"}`, `"accepted":false`},
		{"GET", "/mail.json", "", `{"mode":"accept","mails":[]}`},
		{"POST", "/mail", `{"mode":"defer"}`, `"mode":"defer"`},
		{"POST", "/link", `{"up":false}`, `{"up":false}`},
		{"POST", "/reader", `{"present":false}`, `{"present":false}`},
		{"POST", "/clock", `{"advance_s":900}`, `{"now":"2026-03-02T09:15:00Z"}`},
		{"GET", "/central.json", "", `"registered":2`},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			w := do(handler(newHouse()), c.method, c.path, c.body)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s, want 200 with %s", w.Code, w.Body, c.says)
			}
		})
	}
}

// What is not in the table, or not as the table has it, is refused with one
// line that helps.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		code               int
		says               string
	}{
		{"GET", "/nothing", "", 404, "not found"},
		{"GET", "/terminal/key", "", 405, "Method Not Allowed"},
		{"POST", "/central.json", "", 405, "Method Not Allowed"},
		{"GET", "/cards/nobody.json", "", 404, "no card of that name"},
		{"GET", "/cards/amina", "", 404, "no card"},
		{"POST", "/cards/nobody/insert", "", 404, "no card of that name"},
		{"POST", "/cards/amina/verify", `{}`, 400, `expected {"passcode"`},
		{"POST", "/cards/amina/verify", ``, 400, `expected {"passcode"`},
		{"POST", "/terminal/key", `{"key":"F1"}`, 400, `expected {"key":"Enter"}`},
		{"POST", "/terminal/key", `{"key":"Enter","text":"a"}`, 400, "expected"},
		{"POST", "/terminal/key", `{"text":"a\u0000"}`, 400, "expected"},
		{"POST", "/terminal/key", `{}`, 400, "expected"},
		{"POST", "/terminal/key", `{"KEY":"Enter"}`, 400, "expected"},
		{"POST", "/terminal/key", `{"key":"1"} {"key":"2"}`, 400, "expected"},
		{"POST", "/terminal/key", `{"key":"1","force":true}`, 400, "expected"},
		{"POST", "/terminal/touch", `{"x":800,"y":0}`, 400, "0-799"},
		{"POST", "/terminal/touch", `{"x":1}`, 400, "0-799"},
		{"POST", "/terminal/touch", `{"x":1.5,"y":0}`, 400, "0-799"},
		{"POST", "/mail", `{"mode":"eat"}`, 400, `"hang"`},
		{"POST", "/link", `{}`, 400, `{"up":true}`},
		{"POST", "/link", `{"up":"no"}`, 400, `{"up":true}`},
		{"POST", "/reader", `[]`, 400, `{"present":true}`},
		{"POST", "/clock", `{"advance_s":-1}`, 400, "whole number"},
		{"POST", "/clock", `{"advance_s":99999999}`, 400, "whole number"},
		{"POST", "/clock", strings.Repeat(" ", maxBody+1), 400, "whole number"},
	} {
		t.Run(c.method+" "+c.path+" "+c.body[:min(len(c.body), 30)], func(t *testing.T) {
			w := do(handler(newHouse()), c.method, c.path, c.body)
			if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %q, want %d with %q", w.Code, w.Body, c.code, c.says)
			}
			if strings.Count(strings.TrimSpace(w.Body.String()), "\n") > 0 {
				t.Errorf("more than one line: %q", w.Body)
			}
		})
	}
}

// Web pages of other origins, and names pointed at this machine, get nothing.
func TestOnlyThisMachine(t *testing.T) {
	for _, c := range []struct {
		host, origin string
		code         int
	}{
		{"127.0.0.1:8080", "", 200},
		{"localhost:8080", "http://localhost:8080", 200},
		{"[::1]:8080", "", 200},
		{"rebound.example:8080", "", 403},
		{"localhost.example", "", 403},
		{"127.0.0.1:8080", "https://evil.example", 403},
		{"127.0.0.1:8080", "http://127.0.0.1:9999", 403},
		{"127.0.0.1:8080", "null", 403},
		{"", "", 403},
	} {
		t.Run(c.host+" "+c.origin, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/link", strings.NewReader(`{"up":false}`))
			r.Host = c.host
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			handler(newHouse()).ServeHTTP(w, r)
			if w.Code != c.code {
				t.Errorf("%d, want %d", w.Code, c.code)
			}
		})
	}
}

// A person presses, types and touches; the terminal hears it in that order.
func TestHands(t *testing.T) {
	h := newHouse()
	do(handler(h), "POST", "/terminal/key", `{"key":"*"}`)
	do(handler(h), "POST", "/terminal/key", `{"key":"0"}`)
	do(handler(h), "POST", "/terminal/key", `{"text":"Tŷ 7"}`)
	do(handler(h), "POST", "/terminal/touch", `{"x":799,"y":479}`)
	if !slices.Equal(h.pressed, []string{"*", "0"}) || h.typed != "Tŷ 7" || !slices.Equal(h.touched, []image.Point{{X: 799, Y: 479}}) {
		t.Errorf("heard %q %q %v", h.pressed, h.typed, h.touched)
	}
}

// Whoever waits for another page hears of it at once, or of the same page
// after ten seconds.
func TestWaitsForAnotherPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		start := time.Now()
		if w := do(handler(h), "GET", "/terminal/page.json?after=unlock.code", ""); !strings.Contains(w.Body.String(), "unlock.code") {
			t.Errorf("after waiting: %s", w.Body)
		}
		if waited := time.Since(start); waited != patience {
			t.Errorf("waited %s, want %s", waited, patience)
		}
		h.next <- display.Page{ID: "unlock.passcode"}
		if w := do(handler(h), "GET", "/terminal/page.json?after=unlock.code", ""); !strings.Contains(w.Body.String(), "unlock.passcode") {
			t.Errorf("after a change: %s", w.Body)
		}
	})
}

func TestPanelIsAPicture(t *testing.T) {
	w := do(handler(newHouse()), "GET", "/terminal/panel.png", "")
	m, err := png.Decode(w.Body)
	if err != nil || m.Bounds() != image.Rect(0, 0, 800, 480) {
		t.Errorf("picture: %v, %v", m, err)
	}
}

// What a person typed never leaves, not even by its length in clear.
func TestPageHidesSecrets(t *testing.T) {
	h := newHouse()
	h.page.Field.Value = display.NewSecret("482913")
	for _, path := range []string{"/terminal/page.json", "/terminal/page.txt"} {
		if w := do(handler(h), "GET", path, ""); strings.Contains(w.Body.String(), "482913") {
			t.Errorf("%s shows the code", path)
		}
	}
}

func TestNewestMailFirst(t *testing.T) {
	h := newHouse()
	h.mails = []catcher.Mail{{Number: 1, Subject: "old"}, {Number: 2, Subject: "new"}}
	var box mailbox
	if err := json.Unmarshal(do(handler(h), "GET", "/mail.json", "").Body.Bytes(), &box); err != nil {
		t.Fatal(err)
	}
	if len(box.Mails) != 2 || box.Mails[0].Subject != "new" {
		t.Errorf("mails: %+v", box.Mails)
	}
}

// Whatever is posted, the answer is JSON or one line, and never a fault.
func FuzzPosts(f *testing.F) {
	paths := []string{"/terminal/key", "/terminal/touch", "/cards/amina/verify", "/mail", "/link", "/reader", "/clock"}
	for i, body := range []string{`{"key":"Enter"}`, `{"x":1,"y":2}`, `{"passcode":"1"}`, `{"mode":"hang"}`, `{"up":true}`, `{"present":null}`, `{"advance_s":1e3}`} {
		f.Add(uint8(i), []byte(body))
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		path := paths[int(which)%len(paths)]
		w := do(handler(newHouse()), "POST", path, string(body))
		switch w.Code {
		case http.StatusOK:
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("not JSON: %q", w.Body)
			}
		case http.StatusBadRequest:
			if !bytes.HasPrefix(w.Body.Bytes(), []byte("expected ")) {
				t.Errorf("does not help: %q", w.Body)
			}
		default:
			t.Error(fmt.Sprint(w.Code), w.Body)
		}
	})
}
