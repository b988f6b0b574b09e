package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// alarms are the events of terminals that went beyond a budget.
func (w *world) alarms() (list []string) {
	w.Helper()
	w.ok(w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := fleet.Since(tx, 0, 0)
		for _, e := range all {
			if e.Kind == wire.TerminalOverspent {
				list = append(list, e.Terminal+": "+e.Text)
			}
		}
		return err
	}))
	return list
}

func (w *world) wantAlarms(want ...string) {
	w.Helper()
	if got := w.alarms(); !slices.Equal(got, want) {
		w.Errorf("alarms %q, want %q", got, want)
	}
	n := 0
	for _, e := range w.entries() {
		if strings.HasPrefix(e, "terminal.overspent terminal/hall -") {
			n++
		}
	}
	if n != len(want) {
		w.Errorf("%d of them in the audit log: %q", n, w.entries())
	}
}

func TestATerminalAsksAboutSoManyCardsAnHour(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.CardsAnHour = 3 })
	hall, porch := w.terminal("hall"), w.terminal("porch")
	other := func(n int) wire.CardLookReply {
		w.pass(time.Second)
		return ask[wire.CardLookReply](hall, wire.CardLook, wire.CardLookBody{Card: fmt.Sprintf("piv:%032x", n)})
	}
	for n := range 2 {
		if got := other(n); got.Refused != "" {
			t.Errorf("card %d: %+v", n, got)
		}
	}
	hall.register() // the third, however often it asks
	for range 2 {
		if got := other(3); got.Refused != wire.Overspent {
			t.Errorf("a fourth card: %+v", got)
		}
	}
	if got := hall.look(); got.Refused != "" {
		t.Errorf("the third one again: %+v", got)
	}
	if got := porch.look(); got.Refused != "" {
		t.Errorf("at another terminal: %+v", got)
	}
	w.wantAlarms("hall: too many cards")

	w.pass(time.Hour)
	if got := other(4); got.Refused != "" {
		t.Errorf("an hour later: %+v", got)
	}
	if got := ask[wire.AttemptBeginReply](hall, wire.AttemptBegin, wire.AttemptBeginBody{Card: "piv:" + fmt.Sprintf("%032x", 5)}); got.Refused != wire.UnknownCard {
		t.Errorf("another one: %+v", got)
	}
	w.pass(2 * time.Hour)
	w.sweep()
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		s, _, err := budgets().Find(tx, "hall")
		if len(s.Cards) != 0 {
			t.Errorf("what is old is kept: %+v", s)
		}
		return err
	}))
}

// The card itself could still take attempts; somebody sits at one terminal.
func TestATerminalFailsSoOftenAnHour(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.FailuresAnHour, p.Attempts = 2, 10 })
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	hall.answer(chosen...)
	hall.attempt(chosen...)
	w.pass(16 * time.Minute) // without a proof it fails as well
	for range 2 {
		if got := hall.attempt(); got.begun.Refused != wire.Overspent || got.begun.Elements != nil {
			t.Errorf("a third: %+v", got.begun)
		}
	}
	w.wantAlarms("hall: too many failed attempts")
	if got := porch.answer(); !got.Right {
		t.Errorf("at another terminal: %+v", got)
	}
	w.pass(time.Hour)
	if got := hall.look(); got.Refused != "" || got.Case != "" {
		t.Fatalf("an hour later: %+v", got)
	}
	if got := hall.answer(); !got.Right {
		t.Errorf("an hour later: %+v", got)
	}
}

func TestATerminalLocksSoManyCardsOutADay(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Attempts, p.LockoutsADay = 1, 1 })
	hall := w.terminal("hall")
	hall.register()
	hall.answer(chosen...)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		c, _, err := find(tx, w.id)
		w.ok(err)
		return w.desk.release(turn{tx: tx, now: w.now, by: "test"}, c, "")
	}))
	if got := hall.attempt(); got.begun.Refused != wire.Overspent {
		t.Errorf("after the booth's release: %+v", got.begun)
	}
	w.wantAlarms("hall: too many lockouts")
	w.pass(24 * time.Hour)
	if got := hall.answer(); !got.Right {
		t.Errorf("a day later: %+v", got)
	}
}

// What is under way may fail yet: who proves nothing, and so never fails while
// they go on, gets no more evaluations than who is wrong each time.
func TestAttemptsUnderWayCountAgainstTheirTerminal(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.FailuresAnHour, p.Attempts = 2, 10 })
	hall := w.terminal("hall")
	hall.register()
	hall.attempt()
	second := hall.attempt()
	for range 6 {
		if got := hall.attempt(); got.begun.Refused != wire.Overspent || got.begun.Elements != nil {
			t.Fatalf("a third: %+v", got.begun)
		}
	}
	w.wantAlarms("hall: too many failed attempts")
	if got := w.terminal("porch").attempt(); got.begun.Refused != "" {
		t.Errorf("at another terminal: %+v", got.begun)
	}
	if got := hall.finish(second); !got.Right {
		t.Errorf("one of those under way: %+v", got)
	}
}

func TestLastAttemptsUnderWayCountAsLockouts(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Attempts, p.LockoutsADay = 2, 1 })
	hall := w.terminal("hall")
	hall.register()
	id := "piv:" + strings.Repeat("0", 32)
	w.ok(w.desk.AddCard(t.Context(), w.store, NewCard{Card: id, Profile: "piv", Holder: holder, Email: onFile, Site: "ward", PUK: oldPUK}))
	for n, want := range []wire.Refusal{"", wire.Overspent} { // of two, each leaves one less
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
			row := ledger.Row{Card: id, Attempt: fmt.Sprint(n), Terminal: "hall", At: w.now, State: ledger.Open}
			return write(turn{tx: tx, now: w.now}, attempt{Row: row, Site: "ward"})
		}))
		if got := hall.attempt(); got.begun.Refused != want {
			t.Errorf("with %d on another card: %+v", n+1, got.begun)
		}
	}
	w.wantAlarms("hall: too many lockouts")
}
