package main

import (
	"encoding/json"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

// as runs the program as another operator.
func (w world) as(who string, args ...string) (string, error) {
	w.t.Helper()
	return run(w.t.Context(), append([]string{"--as", w.Path(who + ".json"), "--timeout", "60s"}, args...)...)
}

// refused checks that central said no, in words that help.
func (w world) refused(words, who string, args ...string) {
	w.t.Helper()
	if out, err := w.as(who, args...); err == nil || !strings.Contains(err.Error(), words) {
		w.t.Errorf("fleet %v of %s: %v\n%s\nwant %q", args, who, err, out, words)
	}
}

// The IT booth's day: a lost badge, and an unlock for who has no answers.
func TestTheBoothHelpsAHolder(t *testing.T) {
	w := newWorld(t, 0)
	h := w.Hires(simcard.Working)
	card := h.Card.Status().CardID

	out, err := w.as("jo", "card", "find", h.Name)
	if err != nil || !strings.Contains(out, card) || strings.Contains(out, h.Email) {
		t.Fatalf("%v: %s", err, out)
	}
	w.refused("needs the role booth or admin", "vi", "card", "find", h.Name)
	w.refused("needs the role booth or admin", "vi", "card", "freeze", card, "--reason", "badge lost")
	w.refused("--reason", "jo", "card", "freeze", card)
	w.refused("say why", "jo", "card", "freeze", card, "--reason", "x")
	w.refused("fleet card find", "jo", "card", "freeze", "piv:00", "--reason", "badge lost")
	w.refused("not locked out", "jo", "card", "release", card, "--reason", "she asked")
	w.refused("accepted domain", "jo", "card", "address", card, "--email", "a@example.com", "--reason", "she asked")

	if out, err := w.as("jo", "card", "freeze", card, "--reason", "badge lost"); err != nil || !strings.Contains(out, "mail") {
		t.Errorf("%v: %s", err, out)
	}
	w.refused("unfreeze it first", "jo", "card", "assist", card, "--reason", "badge found")
	out, err = w.as("jo", "card", "unfreeze", card, "--reason", "badge found")
	number := out[strings.LastIndex(out, " ")+1:]
	if err != nil || !strings.Contains(out, "fleet card agree "+number) {
		t.Fatalf("%v: %s", err, out)
	}
	number = strings.TrimSpace(number)
	w.refused("another one has to agree", "jo", "card", "agree", number)
	if out := w.must("card", "waiting"); !strings.Contains(out, number) || !strings.Contains(out, h.Name) || !strings.Contains(out, "badge found") {
		t.Errorf("what waits: %s", out)
	}
	w.refused("nothing of that number", "admin", "card", "agree", "0"+number)
	if out := w.must("card", "agree", number); !strings.Contains(out, "card.unfreeze for "+h.Name+", asked for by jo: badge found") {
		t.Errorf("what was agreed to: %s", out)
	}

	out, err = w.as("jo", "card", "assist", card, "--reason", "showed her badge")
	if lines := strings.Split(out, "\n"); err != nil || len(strings.ReplaceAll(lines[0], " ", "")) != 8 || !strings.Contains(out, "10 minutes") {
		t.Errorf("%v: %s", err, out)
	}
	out, err = w.as("jo", "card", "history", card)
	for _, want := range []string{"assist.given", "operator/jo, operator/admin", "badge found", "person.found", "mail.taken"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v: %q is missing in\n%s", err, want, out)
		}
	}
	var entries []wire.CardEntry
	out, err = w.as("jo", "card", "history", card, "--all", "-o", "json")
	if bad := json.Unmarshal([]byte(out), &entries); err != nil || bad != nil || entries[0].Seq < entries[len(entries)-1].Seq {
		t.Errorf("%v, %v: %s", err, bad, out)
	}
}

func TestTheAuditLogIsReadByAdministrators(t *testing.T) {
	w := newWorld(t, 0)
	h := w.Hires(simcard.Working)
	card := h.Card.Status().CardID
	if _, err := w.as("jo", "card", "find", card); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"ls", "verify", "export"} {
		w.refused(`"fleet audit `+what+`" needs the role admin`, "jo", "audit", what)
	}
	if out := w.must("audit", "ls"); !strings.Contains(out, "person.found") || strings.Contains(out, card) || strings.Contains(out, h.Name) {
		t.Errorf("%s", out)
	}
	var newest, older, first []wire.AuditEntry
	for from, list := range map[string]*[]wire.AuditEntry{"": &newest, "--before 2": &older, "--after 0": &first} {
		args := append([]string{"audit", "ls", "-n", "1", "-o", "json"}, strings.Fields(from)...)
		if err := json.Unmarshal([]byte(w.must(args...)), list); err != nil || len(*list) != 1 {
			t.Fatalf("%v: %v", err, *list)
		}
	}
	if newest[0].What != "person.found" || older[0].What != "log.begun" || first[0].What != "log.begun" {
		t.Errorf("%+v, %+v, %+v", newest, older, first)
	}
	out := strings.Fields(w.must("audit", "verify"))
	head := out[len(out)-1]
	w.must("audit", "verify", "--was", head)
	if _, err := w.fleet("audit", "verify", "--was", "1:"+strings.Repeat("00", 32)); err == nil || !strings.Contains(err.Error(), "made anew") {
		t.Error(err)
	}
	for line := range strings.Lines(w.must("audit", "export", "--after", "1")) {
		var l wire.AuditLine
		if err := json.Unmarshal([]byte(line), &l); err != nil || len(l.Hash) != 64 {
			t.Errorf("%v: %s", err, line)
		}
		if e, err := l.Read(); err != nil || e.Seq < 2 {
			t.Errorf("%v: %+v", err, e)
		}
	}
}
