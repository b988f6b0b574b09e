package central_test

import (
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// What root does at the local socket is in the audit log, each call of it; a
// pattern that is not in this table is one that nobody thought about.
func TestEveryCallOfTheOfficeIsWrittenDown(t *testing.T) {
	cfg := config(t)
	cfg.Certificates, cfg.Broker.URL = true, "mqtts://localhost:8883"
	c := open(t, cfg)
	office := socket.Inside(c.Office())
	const none = "" // it tells of no person and no secret
	signed := func() string {
		var l wire.KeyList
		must(t, office.Call(t.Context(), "GET", "/keys", nil, &l))
		raw, err := l.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
		must(t, err)
		return string(raw)
	}
	card := desk.NewCard{Card: cardOfCeri, Profile: "piv", Holder: "Ceri Jones", Email: "ceri@nhs.net", Site: "east", PUK: desk.Derived}
	table := strings.Join(desk.Columns(), ",") + "\npiv:00112233445566778899aabbccddeeff,piv,Bryn Parry,,west,derived,\n"
	unthought := c.Calls()
	for _, call := range []struct {
		pattern, path string
		body          any
		entry         string
	}{
		{"GET /overview", "", nil, none},
		{"GET /sites", "", nil, none},
		{"POST /terminals", "", central.NewTerminal{ID: "ward-7", Site: "east"}, "terminal.added local east ward-7"},
		{"GET /terminals", "", nil, none},
		{"POST /terminals/{id}/release", "/terminals/ward-7/release", nil, "terminal.released local east ward-7"},
		{"POST /console", "", wire.ConsoleBody{Terminal: "ward-7", Challenge: wire.NewChallenge()}, "console.opened local east ward-7"},
		{"POST /terminals/{id}/retire", "/terminals/ward-7/retire", nil, "terminal.retired local east ward-7"},
		{"POST /enrolments", "", central.NewTerminal{ID: "ward-8", Site: "east"}, "terminal.invited local east ward-8"},
		{"POST /operators", "", central.NewOperator{ID: "jo", Role: wire.Booth}, "operator.added local  jo, booth"},
		{"GET /operators", "", nil, none},
		{"POST /operators/{id}/login", "/operators/jo/login", nil, "login.given local  jo"},
		{"DELETE /operators/{id}", "/operators/jo", nil, "operator.removed local  jo"},
		{"GET /keys", "", nil, none},
		{"POST /keys", "", signed(), "keys.published local  version 1"},
		{"GET /broker", "", nil, "broker.told local  "},
		{"POST /cards", "", card, "cards.added local  1 cards"},
		{"POST /cards/import", "", table, "cards.added local  1 cards"},
		{"GET /cards", "", nil, "cards.listed local  2 cards"},
		{"POST /acts/{kind}", "/acts/card.freeze", wire.CardActBody{Card: cardOfCeri, Reason: "badge lost"}, "frozen local east "},
	} {
		unthought = slices.DeleteFunc(unthought, func(p string) bool { return p == call.pattern })
		before := len(entries(t, c))
		method, path, _ := strings.Cut(call.pattern, " ")
		if call.path != "" {
			path = call.path
		}
		must(t, office.Call(t.Context(), method, path, call.body, nil))
		said := ""
		for _, e := range entries(t, c)[before:] {
			said += strings.Join([]string{e.What, e.By, e.Site, e.Note}, " ")
		}
		if said != call.entry {
			t.Errorf("%s: the log says %q, want %q", call.pattern, said, call.entry)
		}
	}
	if len(unthought) > 0 {
		t.Errorf("do these leave an entry? %q", unthought)
	}
}

// entries are the whole audit log.
func entries(t *testing.T, c *central.Central) (list []wire.AuditEntry) {
	t.Helper()
	page := func(after uint64) (lines []wire.AuditLine, err error) {
		return lines, socket.Inside(c.Office()).Call(t.Context(), "POST", "/acts/audit.export", wire.AuditPageBody{After: after}, &lines)
	}
	must(t, wire.EachAuditLine(0, page, func(l wire.AuditLine) error {
		var e wire.AuditEntry
		list = append(list, e)
		return json.Unmarshal(l.Entry, &list[len(list)-1])
	}))
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
