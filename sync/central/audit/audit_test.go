package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const (
	amina = "piv:01"
	ceri  = "piv:02"
)

// world is a log in a real store.
type world struct {
	testing.TB
	log   *Log
	store *store.DB
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "ring"))
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, New(ring), db}
}

func (w *world) update(fn func(tx store.Tx) error) {
	w.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// add writes an entry about the person of a card.
func (w *world) add(card string, what string, reason string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		p, err := w.log.Person(tx, card)
		if err != nil {
			return err
		}
		sealed, err := p.Seal(reason)
		if err != nil {
			return err
		}
		return w.log.Add(tx, wire.AuditEntry{At: noon, What: what, By: Operator("jo"), Person: p.Name(), Reason: sealed})
	})
}

func (w *world) verify(was Head) (h Head, err error) {
	err = w.store.View(context.Background(), func(tx store.Tx) (err error) {
		h, err = w.log.Verify(tx, was)
		return err
	})
	return h, err
}

// of is what happened to the person of a card, with the reasons.
func (w *world) of(card string) (what []string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		p, known, err := w.log.Known(tx, card)
		if err != nil || !known {
			return err
		}
		list, err := w.log.Of(tx, p.Name())
		for _, e := range list {
			reason, bad := p.Open(e.Reason)
			if bad != nil {
				return bad
			}
			what = append(what, strings.TrimSpace(string(e.What)+" "+reason))
		}
		return err
	})
	return what
}

func (w *world) export() string {
	w.Helper()
	var b strings.Builder
	w.update(func(tx store.Tx) error {
		lines, err := w.log.Lines(tx, 0, 100, All)
		for _, l := range lines {
			err = errors.Join(err, json.NewEncoder(&b).Encode(l))
		}
		return err
	})
	return b.String()
}

func TestALogTellsWhatHappenedToAPerson(t *testing.T) {
	w := newWorld(t)
	w.add(amina, AttemptWrong, "")
	w.add(ceri, Unlocked, "")
	w.add(amina, Frozen, "Amina rang")
	if got := strings.Join(w.of(amina), ", "); got != "attempt.wrong, frozen Amina rang" {
		t.Error(got)
	}
	if head, err := w.verify(Head{}); err != nil || head.Seq != 3 {
		t.Errorf("%v, %v", head, err)
	}
	if text := w.export(); strings.Contains(text, "Amina") || strings.Contains(text, amina) {
		t.Errorf("the log names a person:\n%s", text)
	}
}

func TestAPersonWhoIsCutOffCannotBeTold(t *testing.T) {
	w := newWorld(t)
	w.add(amina, Frozen, "Amina rang")
	before := w.export()
	w.update(func(tx store.Tx) error { return w.log.Cut(tx, amina) })
	if got := w.of(amina); got != nil {
		t.Errorf("still told: %v", got)
	}
	if w.export() != before {
		t.Error("the entries changed")
	}
	if _, err := w.verify(Head{}); err != nil {
		t.Error(err)
	}

	// Who comes back is somebody new.
	w.add(amina, Registered, "")
	if got := strings.Join(w.of(amina), ", "); got != "registered" {
		t.Error(got)
	}
}

func TestAnEffectThatIsNotKeptLeavesNoEntry(t *testing.T) {
	w := newWorld(t)
	w.add(amina, Registered, "")
	err := w.store.Update(t.Context(), func(tx store.Tx) error {
		if err := w.log.Add(tx, wire.AuditEntry{What: Unlocked, By: Central}); err != nil {
			return err
		}
		return context.Canceled
	})
	if err == nil {
		t.Fatal("kept")
	}
	if head, err := w.verify(Head{}); err != nil || head.Seq != 1 {
		t.Errorf("%v, %v", head, err)
	}
}

func TestALogBeginsOnce(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.update(func(tx store.Tx) error { return w.log.Begin(tx, noon) })
	}
	if head, err := w.verify(Head{}); err != nil || head.Seq != 1 {
		t.Errorf("%v, %v", head, err)
	}
}

func TestALogIsReadByPages(t *testing.T) {
	w := newWorld(t)
	for i := range 10 {
		w.update(func(tx store.Tx) error {
			return w.log.Add(tx, wire.AuditEntry{At: noon, What: TerminalAdded, Site: []string{"east", "west"}[i%2]})
		})
	}
	east := func(e wire.AuditEntry) bool { return e.Site == "east" }
	seqs := func(list []wire.AuditLine, err error) (got string) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			e, err := l.Read()
			if err != nil {
				t.Fatal(err)
			}
			got += fmt.Sprint(e.Seq, " ")
		}
		return got
	}
	w.update(func(tx store.Tx) error {
		for want, got := range map[string]string{
			"8 9 10 ":    seqs(w.log.Newest(tx, 0, 3, All)),
			"4 5 ":       seqs(w.log.Newest(tx, 6, 2, All)),
			"1 2 ":       seqs(w.log.Newest(tx, 3, 9, All)),
			"7 9 ":       seqs(w.log.Newest(tx, 99, 2, east)),
			"1 3 5 ":     seqs(w.log.Lines(tx, 0, 3, east)),
			"7 9 .":      seqs(w.log.Lines(tx, 5, 3, east)) + ".",
			"":           seqs(w.log.Lines(tx, 10, 3, All)),
			"5 6 7 8 9 ": seqs(w.log.Newest(tx, 10, 5, All)),
		} {
			if strings.TrimSuffix(want, ".") != strings.TrimSuffix(got, ".") {
				t.Errorf("%q, want %q", got, want)
			}
		}
		return nil
	})
}

func TestAnExportIsOneObjectALineThatAnybodyCanCheck(t *testing.T) {
	w := newWorld(t)
	w.add(amina, AttemptWrong, "<said> \"no\"\n&")
	w.add(ceri, Unlocked, "")
	hash := first()
	for line := range strings.Lines(w.export()) {
		var row wire.AuditLine
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if hash = link(hash, row.Entry); row.Hash != (Head{Hash: hash}).String()[2:] {
			t.Errorf("the hash does not fit: %s", line)
		}
	}
	if head, _ := w.verify(Head{}); !bytes.Equal(head.Hash, hash) {
		t.Error("the last line is not the head")
	}
}

func FuzzHead(f *testing.F) {
	f.Add("3:00")
	f.Add(Head{Seq: 7, Hash: first()}.String())
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHead(s)
		if err != nil {
			return
		}
		if again, err := ParseHead(h.String()); err != nil || again.String() != h.String() {
			t.Fatalf("%q: %v, %v", s, again, err)
		}
	})
}
