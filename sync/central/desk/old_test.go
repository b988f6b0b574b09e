package desk

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"unlockpoint/sync/central/ledger"
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
	w.ok(store.Finish(w.Context(), w.store, w.desk.Sweep))
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

// Central was away for a while, or somebody went through many cards: far more
// attempts have run out than one transaction settles.
func TestAnyNumberOfAttemptsRunsOutAtOnce(t *testing.T) {
	const cards = 120
	w := newWorld(t)
	for n := range cards {
		id := fmt.Sprintf("piv:%032x", n)
		w.ok(w.desk.AddCard(t.Context(), w.store, NewCard{Card: id, Profile: "piv", Holder: holder, Email: onFile, Site: "ward", PUK: oldPUK}))
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) (err error) {
			for i := range 3 {
				row := ledger.Row{Card: id, Attempt: fmt.Sprintf("%d-%d", n, i), Terminal: fmt.Sprintf("t-%d", n%40), At: w.now, State: ledger.Open}
				err = errors.Join(err, write(turn{tx: tx, now: w.now}, attempt{Row: row, Site: "ward"}))
			}
			return err
		}))
	}
	w.pass(15 * time.Minute)
	w.sweep()
	if n := w.rowsOf("attempt-open"); n != 0 {
		t.Errorf("%d attempts are still open", n)
	}
	if n := w.rowsOf("mail"); n != 3*cards {
		t.Errorf("%d notices", n)
	}
}

func TestAnyNumberOfOldThingsIsForgotten(t *testing.T) {
	w := newWorld(t)
	for n := range 8 {
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) (err error) {
			x := turn{tx: tx, now: w.now}
			for i := range 100 {
				key := fmt.Sprintf("%d-%d", n, i)
				err = errors.Join(err, posted().Put(tx, "mail-"+key, w.now), x.later(w.now, old{Post: "mail-" + key}),
					keepSpent(x, key, spent{Failed: []time.Time{w.now}}, 0))
			}
			return err
		}))
	}
	w.pass(2 * time.Hour)
	w.sweep()
	for _, table := range []string{"posted", "budget", "desk-age"} {
		if n := w.rowsOf(table); n != 0 {
			t.Errorf("%d rows of %s", n, table)
		}
	}
}
