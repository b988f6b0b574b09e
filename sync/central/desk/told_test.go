package desk

import (
	"bytes"
	"context"
	"testing"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestMailSaysWhatItShould(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.who.Name = "Main hall"
	k := hall.enrol(hall.begin(), "")
	w.pass(90 * time.Second)
	got := w.letters()
	if len(got) != 1 {
		t.Fatalf("%d letters", len(got))
	}
	m := got[0]
	if m.To != onFile || m.Name != holder || m.Terminal != "Main hall" || m.Site.Name != "The ward" || m.Minutes != 14 || m.Code != w.mailed(k.Case.Case) {
		t.Errorf("got %+v", m)
	}

	w.pass(15 * time.Minute)
	if got := w.letters(); len(got) != 0 {
		t.Errorf("an expired code would still go out: %+v", got)
	}
}

func TestTheSiteIsTold(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	page := ask[wire.RegistryPageReply](hall, wire.RegistryPage, wire.RegistryPageBody{})
	if len(page.Changes) != 1 || page.Changes[0].Standing != wire.StandsRegistered || len(page.Changes[0].Asked) != 3 ||
		page.Changes[0].Card != wire.CardHash(w.desk.cfg.Keys.RegistryKey("ward"), w.id) {
		t.Fatalf("registered: %+v", page)
	}
	for range 3 {
		hall.answer(chosen...)
	}
	page = ask[wire.RegistryPageReply](hall, wire.RegistryPage, wire.RegistryPageBody{After: page.Head})
	if len(page.Changes) != 1 || page.Changes[0].Standing != wire.StandsLocked {
		t.Errorf("locked out: %+v", page)
	}
	lab := w.terminal("lab-1")
	lab.who.Site = "lab"
	if page := ask[wire.RegistryPageReply](lab, wire.RegistryPage, wire.RegistryPageBody{}); len(page.Changes) != 0 {
		t.Errorf("another site: %+v", page)
	}
}

// What lies in the store names nobody.
func TestTheStoreHoldsNothingInTheClear(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	code := ""
	id := hall.answer().Case.Case
	code = w.mailed(id)
	g, _ := func() (wire.Grant, wire.Refusal) { hall.try(id, code); return hall.grant(id) }()
	secrets := []string{holder, onFile, "amina.okafor", oldPUK, string(g.Next), `"` + code + `"`}
	secrets = append(secrets, answers(chosen)...)

	_ = w.store.View(context.Background(), func(tx store.Tx) error {
		for key, value := range tx.Scan("", "", 0) {
			for i, s := range secrets {
				if bytes.Contains(value, []byte(s)) || bytes.Contains([]byte(key), []byte(s)) {
					t.Errorf("secret %d is in %s", i, key)
				}
			}
		}
		return nil
	})
}

func TestOverview(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	hall.answer(chosen...)
	hall.answer()
	_ = w.store.View(t.Context(), func(tx store.Tx) error {
		o, err := w.desk.Overview(tx)
		w.ok(err)
		if o.Cards != 1 || o.Registrations != 1 || o.Cases != 1 || o.Lockouts != 0 || o.Rows[0].AttemptsLeft != 2 || o.Rows[0].Terminal != "hall" {
			t.Errorf("got %+v", o)
		}
		lines, err := w.desk.Cards(tx)
		w.ok(err)
		if len(lines) != 1 || lines[0].Holder != holder || lines[0].Address != "a•••@nhs.net" {
			t.Errorf("got %+v", lines)
		}
		return nil
	})
}

func TestTheSiteIsToldWhatTimeAloneChanged(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Attempts, p.AttemptsIn30d = 5, 2 })
	hall := w.terminal("hall")
	hall.register()
	hall.answer(chosen...)
	hall.answer(chosen...)
	locked := ask[wire.RegistryPageReply](hall, wire.RegistryPage, wire.RegistryPageBody{})
	if locked.Changes[0].Standing != wire.StandsLocked {
		t.Fatalf("after two failures: %+v", locked)
	}
	w.pass(31 * day)
	for range 2 { // told once
		hall.look()
	}
	page := ask[wire.RegistryPageReply](hall, wire.RegistryPage, wire.RegistryPageBody{After: locked.Head})
	if len(page.Changes) != 1 || page.Changes[0].Standing != wire.StandsRegistered || page.Head != locked.Head+1 {
		t.Errorf("a month later: %+v", page)
	}
}
