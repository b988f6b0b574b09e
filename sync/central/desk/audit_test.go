package desk

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// entries are the audit log, one line each: what, by whom, of whom, note.
func (w *world) entries() (lines []string) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		if _, err := w.desk.log.Verify(tx, audit.Head{}); err != nil {
			return err
		}
		list, err := w.desk.log.Lines(tx, 0, 1000, audit.All)
		for _, l := range list {
			var e wire.AuditEntry
			w.ok(json.Unmarshal(l.Entry, &e))
			person := map[bool]string{true: "someone", false: "-"}[e.Person != ""]
			lines = append(lines, strings.TrimSpace(strings.Join([]string{string(e.What), e.By, person, e.Note}, " ")))
			for _, secret := range []string{w.id, holder, onFile, other} {
				if strings.Contains(string(l.Entry), secret) {
					w.Errorf("the log holds %q: %s", secret, l.Entry)
				}
			}
		}
		return err
	}))
	return lines
}

func TestTheLogTellsAWholeStory(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	ward.answer(ward.look().Asked[0])
	id := ward.answer().Case.Case
	ward.try(id, w.wrongCode(id))
	w.pass(w.desk.cases().TakeOver)
	lab := w.terminal("lab-1")
	lab.take()
	lab.try(id, w.mailed(id))
	g, _ := lab.grant(id)
	lab.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		return w.desk.Went(tx, mail.Letter{Card: w.id, Kind: mail.Unlocked}, mail.Fate{State: wire.MailRefused, Reply: mail.Reply{Code: 552, Enhanced: "5.2.2"}})
	}))
	want := `cards.added local - 1 cards
register.begun terminal/ward-1 someone
code.mailed terminal/ward-1 someone register: number 1
code.right terminal/ward-1 someone register: right
registered terminal/ward-1 someone
attempt.begun terminal/ward-1 someone
attempt.wrong terminal/ward-1 someone
attempt.begun terminal/ward-1 someone
attempt.right terminal/ward-1 someone
code.mailed terminal/ward-1 someone unlock: number 1
code.wrong terminal/ward-1 someone unlock: wrong
case.taken terminal/lab-1 someone from ward-1
code.right terminal/lab-1 someone unlock: right
grant.given terminal/lab-1 someone generation 0
unlocked terminal/lab-1 someone
mail.refused central someone unlocked: 552 5.2.2`
	if got := strings.Join(w.entries(), "\n"); got != want {
		t.Errorf("the log says\n%s\nwant\n%s", got, want)
	}
}

func TestWhatIsDoneAtAConsoleIsInTheLog(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	at := time.Date(2026, 11, 29, 22, 15, 0, 0, time.UTC)
	want := "cards.added local - 1 cards"
	for _, what := range append(wire.ConsoleActs(), "card.left") {
		ward.fact(wire.Audit, wire.AuditBody{What: what, At: at})
		if what != "card.left" {
			want += "\n" + what + " terminal/ward-1 - at 2026-11-29T22:15:00Z"
		}
	}
	if got := strings.Join(w.entries(), "\n"); got != want {
		t.Errorf("the log says\n%s\nwant\n%s", got, want)
	}
}

func TestAnAttemptThatRanOutIsInTheLog(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	ward.attempt()
	before := len(w.entries())
	w.pass(w.desk.ledger().Life)
	w.sweep()
	w.sweep()
	if got := w.entries()[before:]; len(got) != 1 || got[0] != "attempt.expired terminal/ward-1 someone" {
		t.Errorf("%q", got)
	}
}

// A lockout is an entry of its own, once, whatever it came by.
func TestALockoutIsInTheLog(t *testing.T) {
	locked := func(w *world) (list []string) {
		for _, line := range w.entries() {
			if strings.HasPrefix(line, audit.LockedOut) {
				list = append(list, line)
			}
		}
		return list
	}
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	for range 2 {
		ward.answer(chosen[0], chosen[1])
	}
	if got := locked(w); len(got) != 0 {
		t.Errorf("too early: %q", got)
	}
	ward.answer(chosen[0], chosen[1])
	ward.attempt()
	if got := strings.Join(locked(w), ", "); got != "locked-out terminal/ward-1 someone failed attempts" {
		t.Errorf("%q", got)
	}

	w = newWorld(t, func(p *wire.Policy) { p.CodeTries, p.WrongCodes = 2, 2 })
	ward = w.terminal("ward-1")
	ward.register()
	id := ward.answer().Case.Case
	wrong := w.wrongCode(id)
	for range 3 {
		ward.try(id, wrong)
	}
	if got := strings.Join(locked(w), ", "); got != "locked-out terminal/ward-1 someone wrong codes" {
		t.Errorf("%q", got)
	}

	w = newWorld(t)
	ward = w.terminal("ward-1")
	ward.register()
	for range 2 {
		ward.answer(chosen[0], chosen[1])
	}
	ward.attempt()
	w.pass(w.desk.ledger().Life)
	w.sweep()
	if got := strings.Join(locked(w), ", "); got != "locked-out terminal/ward-1 someone failed attempts" {
		t.Errorf("it ran out: %q", got)
	}
}

// Who opens three attempts and walks away locks one card out, once.
func TestAttemptsThatRunOutTogetherAreOneLockout(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	for range 3 {
		hall.attempt()
	}
	w.pass(w.desk.ledger().Life)
	w.sweep()
	n := 0
	for _, e := range w.entries() {
		if strings.HasPrefix(e, "locked-out ") {
			n++
		}
	}
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		s, err := w.desk.spent(turn{tx: tx, now: w.now}, "hall")
		if n != 1 || len(s.Lockouts) != 1 || len(s.Failed) != 3 {
			t.Errorf("%d lockouts in the log; the terminal has %d, of %d failures", n, len(s.Lockouts), len(s.Failed))
		}
		return err
	}))
}

// What changes nothing is no entry: nobody can fill the log by asking.
func TestARefusalIsNoEntry(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	before := len(w.entries())
	ward.look()
	ward.try("0123456789abcdef0123456789abcdef", "123456")
	ask[wire.AttemptBeginReply](ward, wire.AttemptBegin, wire.AttemptBeginBody{Card: w.id})
	ask[wire.CaseReply](ward, wire.CaseTake, wire.CaseTakeBody{Card: "piv:00"})
	if got := w.entries()[before:]; len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// Every entry about a person has a site: that of the terminal, or the card's
// where an operator, a link or central did it. Operators of other sites read
// none of it.
func TestEntriesAboutAPersonHaveASite(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	lab := w.terminal("lab-1")
	lab.who.Site = "lab"
	lab.register()
	_, err := w.act(jo, wire.CardAssist)
	w.ok(err)
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		return w.desk.Went(tx, mail.Letter{Card: w.id, Kind: mail.Assisted}, mail.Fate{State: wire.MailTaken})
	}))
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		list, err := w.desk.log.Lines(tx, 0, 0, audit.All)
		for _, l := range list {
			e, err := l.Read()
			w.ok(err)
			want := map[bool]string{true: "lab", false: "ward"}[strings.HasPrefix(e.By, "terminal/")]
			if e.Person != "" && e.Site != want {
				t.Errorf("%s by %s is at %q", e.What, e.By, e.Site)
			}
		}
		return err
	}))
}
