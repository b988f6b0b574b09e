package login

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
)

// said are the entries of the audit log, but for the first, which gave amina
// her account.
func (b *bench) said() (list []string) {
	b.t.Helper()
	must(b.t, b.Store.View(b.t.Context(), func(tx store.Tx) error {
		lines, err := b.Log.Lines(tx, 1, 0, audit.All)
		list = nil
		for _, line := range lines {
			e, readErr := line.Read()
			must(b.t, readErr)
			list = append(list, strings.TrimSpace(e.What+" "+e.By+" "+e.Note))
		}
		return err
	}))
	return list
}

// TestWhoComesGoesAndFailsIsWrittenDown: in the order in which it happens, and
// what a stranger typed is not.
func TestWhoComesGoesAndFailsIsWrittenDown(t *testing.T) {
	b := newBench(t)
	must(t, b.enter("amina", b.given.Password, b.code()))
	v, err := b.Begin(t.Context(), "amina")
	must(t, err)
	must(t, b.Leave(t.Context(), v.Token))
	must(t, b.Leave(t.Context(), v.Token)) // who has left leaves no more
	must(t, b.Leave(t.Context(), "nobody's"))

	b.now = b.now.Add(step)
	for range tries + 1 { // the last one meets the pause
		b.enter("amina", "wrong", b.code())
	}
	b.now = b.now.Add(pause)
	must(t, b.Change(t.Context(), "amina", b.given.Password, b.code(), "a longer password"))
	for range 3 {
		b.enter("my secret password", "", "")
	}
	must(t, b.Sweep(t.Context()))
	must(t, b.Sweep(t.Context()))
	b.give()

	want := slices.Concat([]string{"login.in operator/amina", "login.in operator/amina", "login.out operator/amina"},
		slices.Repeat([]string{"login.wrong pages amina"}, tries),
		[]string{"login.paused central amina, for 15m0s", "login.password operator/amina",
			"login.wrong pages 3 times with a name that has no log-in", "login.given local amina"})
	if said := b.said(); !slices.Equal(said, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

// TestAnAccountGoesWithItsOperator: who comes by the same name later does not
// inherit it, nor does a browser that is still logged in become theirs.
func TestAnAccountGoesWithItsOperator(t *testing.T) {
	b := newBench(t)
	v, err := b.Begin(t.Context(), "amina")
	must(t, err)
	must(t, b.Store.Update(t.Context(), func(tx store.Tx) error {
		must(t, operators.Remove(tx, "amina"))
		must(t, b.Remove(tx, "amina"))
		return b.add(tx)
	}))
	if err := b.enter("amina", b.given.Password, b.code()); err != ErrWrong {
		t.Error(err)
	}
	if _, o, err := b.Find(t.Context(), v.Token); !errors.Is(err, ErrNoVisit) {
		t.Errorf("the old visit is that of %s, a %s now: %v", o.ID, o.Role, err)
	}
}
