package house_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// ask makes a call as it is, and returns the status with the body.
func (s story) ask(method, path, body string) (int, []byte) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.Base+path, strings.NewReader(body))
	s.ok(err)
	resp, err := s.Client.Do(req)
	s.ok(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	s.ok(err)
	return resp.StatusCode, raw
}

// object reads an answer that is a JSON object.
func (s story) object(method, path, body string) map[string]any {
	s.Helper()
	code, raw := s.ask(method, path, body)
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil || code != http.StatusOK {
		s.Fatalf("%s %s: %d %s", method, path, code, raw)
	}
	return o
}

// has checks that an object has exactly these names.
func (s story) has(o any, names ...string) {
	s.Helper()
	m, _ := o.(map[string]any)
	var got []string
	for name := range m {
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(names)
	if !slices.Equal(got, names) {
		s.Errorf("names %v, want %v", got, names)
	}
}

// The pages have the names that programs read, at every page of a journey.
func TestPageShape(t *testing.T) {
	s := blocked(t, func(c *house.Config) { c.Screen = house.Screen })
	names := []string{"id", "title", "step", "body", "field", "actions", "choices", "error", "seconds_left", "session"}
	s.to("unlock.code", robot.Unlocking())
	s.ok(s.Type(t.Context(), "123"))
	p := s.object("GET", "/terminal/page.json", "")
	s.has(p, names...)
	s.has(p["field"], "kind", "label", "count", "max", "masked")
	field := p["field"].(map[string]any)
	if field["kind"] != "code" || field["count"] != 3.0 || field["max"] != 6.0 || field["masked"] != false {
		t.Errorf("field %v", field)
	}
	if left := p["seconds_left"].(float64); left < 600 || left > 900 {
		t.Errorf("%v seconds left", left)
	}
	s.has(p["actions"].([]any)[0], "key", "label")
	s.has(s.object("POST", "/terminal/key", `{"key":"Clear"}`), names...)
	s.has(s.object("POST", "/terminal/key", `{"text":"9"}`), names...)
	s.has(s.object("POST", "/terminal/touch", `{"x":1,"y":1}`), names...)
	if idle := s.object("GET", "/terminal/page.json?after=idle", ""); idle["id"] != "unlock.code" {
		t.Errorf("after another page: %v", idle["id"])
	}
	s.has(s.object("POST", "/terminal/restart", ""), names...)
	s.shows("card.locked", resuming)
	if _, text := s.ask("GET", "/terminal/page.txt", ""); !strings.Contains(string(text), resuming) {
		t.Errorf("text: %s", text)
	}
	_, raw := s.ask("GET", "/terminal/panel.png", "")
	if panel, err := png.Decode(bytes.NewReader(raw)); err != nil || panel.Bounds().Dx() != 800 || panel.Bounds().Dy() != 480 {
		t.Errorf("panel: %v", err)
	}
}

// The tray tells of each card what a test may want to check.
func TestCardShape(t *testing.T) {
	s := begin(t)
	names := []string{"name", "holder", "about", "profile", "id", "inserted", "printed_passcode", "as_printed", "passcode_tries", "puk_tries", "verified"}
	code, raw := s.ask("GET", "/cards.json", "")
	var cards []map[string]any
	if err := json.Unmarshal(raw, &cards); err != nil || code != http.StatusOK || len(cards) != 13 {
		t.Fatalf("%d %s", code, raw)
	}
	for _, c := range cards {
		s.has(c, names...)
	}
	c := s.object("GET", "/cards/amina.json", "")
	s.has(c["verified"], "passcode", "unblock", "commands")
	if c["profile"] != "piv" || c["passcode_tries"] != 3.0 || c["puk_tries"] != 3.0 || c["inserted"] != false {
		t.Errorf("%v", c)
	}
	c = s.object("POST", "/cards/amina/verify", `{"passcode":"000000"}`)
	s.has(c, append(names, "accepted")...)
	if c["accepted"] != false || c["passcode_tries"] != 2.0 {
		t.Errorf("after a wrong passcode: %v", c)
	}
	if c = s.object("POST", "/cards/amina/verify", `{"passcode":"246810"}`); c["accepted"] != true || c["passcode_tries"] != 3.0 {
		t.Errorf("after the right one: %v", c)
	}
	if c = s.object("POST", "/cards/amina/insert", ""); c["inserted"] != true {
		t.Errorf("put in: %v", c)
	}
	s.shows("card.menu")
	if c = s.object("POST", "/cards/amina/remove", ""); c["inserted"] != false {
		t.Errorf("taken out: %v", c)
	}
}

// Central tells what it knows, as an unlock goes on.
func TestCentralShape(t *testing.T) {
	s := blocked(t)
	o := s.object("GET", "/central.json", "")
	s.has(o, "at", "link", "queue", "cards", "registered", "cases", "locked", "factory_keys", "rows", "terminals", "reports", "demo")
	s.has(o["demo"], "link", "reader")
	if c := s.central(); !c.Link || c.Cards != 9 || c.Registered != 1 || c.Cases != 0 || len(c.Terminals) != 1 {
		t.Errorf("%+v", c)
	}
	s.to("unlock.code", robot.Unlocking())
	row := s.central().row("amina", s)
	if row.Standing != "registered" || row.AttemptsLeft != 3 || row.Case == nil || row.Case.Address != "" {
		t.Fatalf("%+v", row)
	}
	if k := row.Case; k.TriesLeft != 5 || k.SendsLeft != 2 || k.SecondsLeft < 600 || k.SecondsLeft > 900 {
		t.Errorf("%+v", k)
	}
	s.enter("000000")
	s.says("unlock.code", "4 tries left")
	if k := s.central().row("amina", s).Case; k.TriesLeft != 4 {
		t.Errorf("after a wrong code: %+v", k)
	}
}

// What the table does not have is refused with one line that helps.
func TestRefusedCalls(t *testing.T) {
	s := begin(t)
	for _, c := range []struct {
		method, path, body string
		code               int
	}{
		{"GET", "/terminal", "", 404},
		{"GET", "/cards/nobody.json", "", 404},
		{"POST", "/cards/nobody/insert", "", 404},
		{"POST", "/cards/nobody/verify", `{"passcode":"1"}`, 404},
		{"DELETE", "/mail.json", "", 405},
		{"GET", "/clock", "", 405},
		{"GET", "/terminal/restart", "", 405},
		{"POST", "/terminal/key", `{"key":"F1"}`, 400},
		{"POST", "/terminal/key", `{"key":`, 400},
		{"POST", "/mail", `{"mode":"eat"}`, 400},
		{"POST", "/link", `{"Up":true}`, 400},
		{"POST", "/clock", `{"advance_s":0}`, 400},
	} {
		code, raw := s.ask(c.method, c.path, c.body)
		if line := strings.TrimSpace(string(raw)); code != c.code || line == "" || strings.Contains(line, "\n") {
			t.Errorf("%s %s %s: %d %q, want %d with one line", c.method, c.path, c.body, code, raw, c.code)
		}
	}
}
