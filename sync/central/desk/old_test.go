package desk

import (
	"context"
	"testing"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// rowsOf counts the rows of a table.
func (w *world) rowsOf(table string) (n int) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for range tx.Scan(table+"/", "", 0) {
			n++
		}
		return nil
	}))
	return n
}

func (w *world) sweep() {
	w.Helper()
	w.ok(w.store.Update(w.Context(), w.desk.Sweep))
}

func TestADeadRegistrationIsForgotten(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	hall.insert()
	hall.enrol(hall.begin(), other)
	w.pass(29 * time.Minute)
	w.sweep()
	if n := w.rowsOf("registrations"); n != 2 {
		t.Errorf("%d registrations while one is under way", n)
	}
	w.pass(2 * time.Hour)
	w.sweep()
	if n := w.rowsOf("registrations"); n != 1 || w.rowsOf("posted") != 0 {
		t.Errorf("%d registrations, %d rows of mails", n, w.rowsOf("posted"))
	}
	if got := hall.look(); got.Standing != wire.StandsRegistered || got.Registration == "" {
		t.Errorf("the live one: %+v", got)
	}
	if got := hall.answer(); !got.Right {
		t.Errorf("the live one's answers: %+v", got)
	}
}

func TestAnOldCaseIsForgotten(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	hall.unlocked()
	w.pass(34 * day)
	w.sweep()
	if n := w.rowsOf("cases"); n != 2 {
		t.Errorf("%d cases before 35 days", n)
	}
	w.pass(2 * day)
	w.sweep()
	if w.rowsOf("cases") != 0 || w.rowsOf("desk-age") != 0 {
		t.Errorf("%d cases, %d ages", w.rowsOf("cases"), w.rowsOf("desk-age"))
	}
	hall.unlocked()
}

func TestACaseIsKeptUntilItsGrantIsAccountedFor(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, refused := hall.grant(id)
	if refused != "" {
		t.Fatal(refused)
	}
	for range 3 {
		w.pass(36 * day)
		w.sweep()
	}
	hall.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	if got := hall.look(); got.LastUnlock.IsZero() {
		t.Errorf("a fact of 108 days ago did not count: %+v", got)
	}
	w.pass(36 * day)
	w.sweep()
	if n := w.rowsOf("cases"); n != 0 {
		t.Errorf("%d cases", n)
	}
}
