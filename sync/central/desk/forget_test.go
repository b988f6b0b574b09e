package desk

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// aTime is one that would find an entry of the log: as rows hold it, as keys
// of rows that are looked at later do, or in nanoseconds.
var aTime = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d|\b17\d{17}\b`)

// rows are all of the store, but the log itself, by key.
func (w *world) rows() map[string]string {
	w.Helper()
	all := map[string]string{}
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for key, raw := range tx.Scan("", "", 0) {
			if table, _, _ := strings.Cut(key, "/"); table != "audit" && table != "audit-of" && table != "audit-head" {
				all[key] = string(raw)
			}
		}
		return nil
	}))
	return all
}

// about are the rows that name a card, its hash or one of its addresses, and
// those that name such a row.
func (w *world) about(card string, addresses ...string) map[string]string {
	w.Helper()
	names, found := []string{card}, map[string]string{}
	for _, site := range []string{"ward", "lab"} {
		names = append(names, wire.CardHash(w.desk.cfg.Keys.RegistryKey(site), card))
	}
	for _, a := range addresses {
		names = append(names, w.desk.pseudonym(a))
	}
	all := w.rows()
	for more := true; more; {
		more = false
		for key, raw := range all {
			if found[key] != "" || !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(key+raw, n) }) {
				continue
			}
			found[key], more = raw, true
			_, id, _ := strings.Cut(key, "/")
			if len(id) >= 16 { // others are numbers, and names of terminals
				names = append(names, id)
			}
		}
	}
	return found
}

// ties are those of the rows that hold a time.
func ties(rows map[string]string) (list []string) {
	for key, raw := range rows {
		if aTime.MatchString(key + raw) {
			list = append(list, key+" "+raw)
		}
	}
	return list
}

// allSent has the mail server take every letter that waits.
func (w *world) allSent() {
	w.Helper()
	w.ok(w.store.Update(context.Background(), func(tx store.Tx) error {
		for key := range tx.Scan("mail-waiting/", "", 0) {
			w.ok(tx.Delete(key))
		}
		return nil
	}))
}

// twoDo has jo ask for an act and al agree.
func (w *world) twoDo(kind wire.Kind, change ...func(*wire.CardActBody)) {
	w.Helper()
	done, err := w.act(jo, kind, change...)
	w.ok(err)
	_, err = w.agree(al, done.Agree)
	w.ok(err)
}

// Somebody has had everything that a card can have, and is forgotten: nothing
// in the store leads from the card to a time in the log, or names the
// pseudonym. A bystander's rows stay.
func TestForgettingLeavesNothingThatFindsThePseudonym(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward, lab := w.terminal("ward-1"), w.terminal("lab-1")
	lab.who.Site = "lab"
	bystander := "piv:00112233445566778899aabbccddeeff"
	w.ok(w.desk.AddCard(t.Context(), w.store, NewCard{Card: bystander, Profile: "piv", Holder: "Gwen", Email: "gwen@nhs.net", Site: "ward", PUK: oldPUK}))
	me := w.id
	w.id = bystander
	_, err := w.act(jo, wire.CardAssist)
	w.ok(err)
	w.id = me

	later := func() { w.pass(3*time.Hour + 7*time.Minute) }
	for _, do := range []func(){
		ward.register,
		func() { ward.answer(chosen[0], chosen[1], chosen[2], chosen[3]) },
		lab.unlocked,
		func() { w.lockOut(ward) },
		func() { _, err := w.act(jo, wire.CardRelease); w.ok(err) },
		func() { _, err := w.act(jo, wire.CardFreeze); w.ok(err) },
		func() { w.twoDo(wire.CardUnfreeze) },
		func() {
			_, err := w.act(jo, wire.CardAddress, func(b *wire.CardActBody) { b.Address = other })
			w.ok(err)
		},
		func() { ward.grant(ward.accepted()) }, // what came of it is never told
		w.allSent,
		func() { ward.attempt() }, // nor is this one proved
		func() { _, err := w.act(jo, wire.CardAssist); w.ok(err) },
		func() { _, err := w.act(jo, wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true }); w.ok(err) },
	} {
		later()
		do()
	}
	before, theirs := ties(w.about(w.id, onFile, other)), w.about(bystander)
	if len(before) < 20 {
		t.Fatalf("the card has only %d rows with a time: %q", len(before), before)
	}
	var pseudonym string
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		p, _, err := w.desk.log.Known(tx, w.id)
		pseudonym = p.Name()
		return err
	}))

	w.twoDo(wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true })

	left := w.about(w.id, onFile, other)
	month := "desk-age/" + hour(w.now.Add(keepCase+month).Truncate(month)) // of the case with a grant: nobody's time
	last := 0
	maps.DeleteFunc(left, func(key, raw string) bool {
		brief := strings.HasPrefix(key, "mail/") && strings.Contains(raw, `"brief":true`)
		if brief {
			last++
		}
		return brief || strings.HasPrefix(key, "mail-waiting/") || strings.HasPrefix(key, month)
	})
	if last == 0 {
		t.Error("no letter tells the holder")
	}
	if found := ties(left); len(found) > 0 {
		t.Errorf("what is left of the card has times:\n%s", strings.Join(found, "\n"))
	}
	for key, raw := range w.rows() {
		if strings.Contains(key+raw, pseudonym) || strings.HasPrefix(key, "order/") {
			t.Errorf("left: %s %s", key, raw)
		}
	}
	if now := w.about(bystander); !maps.Equal(now, theirs) {
		t.Errorf("a bystander has %q of %q", now, theirs)
	}
}

// A grant that somebody had before they were forgotten still tells which key
// their card has now.
func TestAGrantIsAccountedForByWhoIsForgotten(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	ward := w.terminal("ward-1")
	ward.register()
	id := ward.accepted()
	g, _ := ward.grant(id)
	w.twoDo(wire.CardRemove, func(b *wire.CardActBody) { b.Forget = true })
	w.pass(100 * day)
	w.sweep()
	ward.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	if got := ward.look(); got.LastUnlock.IsZero() {
		t.Errorf("it did not count: %+v", got)
	}
}
