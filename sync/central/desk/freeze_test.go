package desk

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// tokenOf is what the newest letter of a kind has in its link.
func (w *world) tokenOf(kind mail.Kind) (token string) {
	w.Helper()
	for _, m := range w.letters() {
		if m.Kind == kind {
			token = strings.TrimPrefix(m.Freeze, "https://central/freeze/")
		}
	}
	return token
}

func (w *world) goodLink(token string) (good bool) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) (err error) {
		good, err = w.desk.GoodLink(tx, token)
		return err
	}))
	return good
}

func (w *world) follow(token string) (done bool) {
	w.Helper()
	w.ok(w.store.Update(context.Background(), func(tx store.Tx) (err error) {
		done, err = w.desk.FreezeByLink(tx, token)
		return err
	}))
	return done
}

func TestEveryLetterHasALinkOfItsOwn(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	ward.answer(ward.look().Asked[0])
	ward.unlocked()
	ward.answer()
	seen := map[string]bool{}
	for _, m := range w.letters() {
		if len(m.Freeze) != len("https://central/freeze/")+22 || seen[m.Freeze] { // 128 bits in base64
			t.Errorf("%s: link %q", m.Kind, m.Freeze)
		}
		seen[m.Freeze] = true
	}
	if len(seen) < 4 {
		t.Errorf("%d letters", len(seen))
	}
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		for key, value := range tx.Scan("", "", 0) {
			for link := range seen {
				token := link[len("https://central/freeze/"):]
				if strings.Contains(key, token) || bytes.Contains(value, []byte(token)) {
					t.Errorf("the store holds the link of a letter in %s", key)
				}
			}
		}
		return nil
	}))
}

func TestALinkFreezesOnlyWhenItIsFollowedToTheEnd(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	id := ward.answer().Case.Case
	code := w.mailed(id)
	token := w.tokenOf(mail.UnlockCode)

	for range 3 { // mail scanners look at it
		if !w.goodLink(token) {
			t.Fatal("the link is no good")
		}
	}
	if got := ward.look(); got.Standing != wire.StandsRegistered {
		t.Fatalf("looking froze the card: %s", got.Standing)
	}
	for range 2 {
		if !w.follow(token) {
			t.Fatal("the link did not work")
		}
	}
	if got := ward.look(); got.Standing != wire.StandsFrozen || got.Case != "" {
		t.Errorf("%+v", got)
	}
	if got := ward.try(id, code); got.Refused != wire.Frozen {
		t.Errorf("the case goes on: %+v", got)
	}
	if _, refused := ward.grant(id); refused != wire.Frozen {
		t.Errorf("a grant: %s", refused)
	}
	if got := ward.begin(); got.Refused != wire.Frozen {
		t.Errorf("a registration: %+v", got)
	}
	if n := w.mails(mail.Frozen); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	if lines := w.entries(); lines[len(lines)-1] != "frozen link someone" {
		t.Errorf("the log ends with %q", lines[len(lines)-1])
	}
}

func TestLinksThatFreezeNothing(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	token := w.tokenOf(mail.Registered)
	for _, wrong := range []string{"", "x", token[1:], token + "A", strings.Repeat("A", 22)} {
		if w.goodLink(wrong) || w.follow(wrong) {
			t.Errorf("%q works", wrong)
		}
	}
	w.pass(linkLife)
	if w.goodLink(token) || w.follow(token) {
		t.Error("an old link works")
	}
	w.pass(time.Hour)
	for range 2 {
		w.sweep()
	}
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		for row := range links().Each(tx, "") {
			t.Errorf("%s is still kept", row.Key)
		}
		return nil
	}))
}

func TestWithoutAPublicAddressThereAreNoLinks(t *testing.T) {
	w := newWorld(t)
	w.desk.cfg.FreezeURL = ""
	w.terminal("ward-1").register()
	for _, m := range w.letters() {
		if m.Freeze != "" {
			t.Errorf("%s: %s", m.Kind, m.Freeze)
		}
	}
}
