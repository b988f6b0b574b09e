package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// The damage is done by somebody who can write into the store, checksums and
// all, but has not got the key ring.
func TestVerifyFindsWhateverSomebodyDid(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(w *world, tx store.Tx) error
		want   string
	}{
		"one letter changed": {func(w *world, tx store.Tx) error {
			return w.change(tx, 3, func(text []byte) []byte {
				return append(text[:sha], bytes.Replace(text[sha:], []byte("jo"), []byte("al"), 1)...)
			})
		}, "entry 3: was changed"},
		"changed, and its hash as well": {func(w *world, tx store.Tx) error {
			before, err := tx.Get(place(2))
			if err != nil {
				return err
			}
			return w.change(tx, 3, func(text []byte) []byte {
				text = bytes.Replace(text[sha:], []byte("jo"), []byte("al"), 1)
				return append(link(before[:sha], text), text...)
			})
		}, "entry 4: was changed, or the one before it"},
		"the last one changed, and its hash as well": {func(w *world, tx store.Tx) error {
			return w.remake(tx, 5, 5, false)
		}, "entry 5: is not the one that the head is of"},
		"all made anew, and the head": {func(w *world, tx store.Tx) error {
			return w.remake(tx, 1, 5, true)
		}, "not written with this key ring"},
		"cut short": {func(w *world, tx store.Tx) error {
			return w.change(tx, 2, func(text []byte) []byte { return text[:sha-1] })
		}, "entry 2: was changed"},
		"one taken out": {func(_ *world, tx store.Tx) error {
			return tx.Delete(place(2))
		}, "entry 2: is missing"},
		"the first taken out": {func(_ *world, tx store.Tx) error {
			return tx.Delete(place(1))
		}, "entry 1: is missing"},
		"one taken out and the rest moved up": {func(w *world, tx store.Tx) error {
			return errors.Join(w.move(tx, 3, 2), w.move(tx, 4, 3), w.move(tx, 5, 4), tx.Delete(place(5)))
		}, "entry 2: was moved: it is number 3"},
		"two in each other's place": {func(w *world, tx store.Tx) error {
			three, err := tx.Get(place(3))
			return errors.Join(err, w.move(tx, 4, 3), tx.Put(place(4), three))
		}, "entry 3: was moved: it is number 4"},
		"the tail cut": {func(_ *world, tx store.Tx) error {
			return errors.Join(tx.Delete(place(4)), tx.Delete(place(5)))
		}, "entry 4: is missing: the log was cut, 2 entries are gone"},
		"the tail cut, and the head put back without its MAC": {func(w *world, tx store.Tx) error {
			text, err := tx.Get(place(4))
			head, _, bad := w.log.Head(tx)
			head.Seq, head.Hash = 4, text[:sha]
			return errors.Join(err, bad, tx.Delete(place(5)), heads().Put(tx, headAt, head))
		}, "not written with this key ring"},
		"one added": {func(_ *world, tx store.Tx) error {
			text, err := tx.Get(place(5))
			more := []byte(`{"seq":6}`)
			return errors.Join(err, tx.Put(place(6), append(link(text[:sha], more), more...)))
		}, "entry 6: stands behind the head"},
		"the head taken away": {func(_ *world, tx store.Tx) error {
			return heads().Delete(tx, headAt)
		}, "no head"},
		"everything taken away": {func(_ *world, tx store.Tx) error {
			for n := range 5 {
				if err := tx.Delete(place(uint64(n + 1))); err != nil {
					return err
				}
			}
			return heads().Delete(tx, headAt)
		}, "no head"},
	} {
		t.Run(name, func(t *testing.T) {
			w := five(t)
			if _, err := w.verify(Head{}); err != nil {
				t.Fatal(err)
			}
			w.update(func(tx store.Tx) error { return c.damage(w, tx) })
			_, err := w.verify(Head{})
			if _, broken := errors.AsType[Broken](err); !broken || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// Somebody who kept a copy of the whole store puts it back: the log is whole,
// but it is not the one whose head was written down.
func TestAHeadThatWasWrittenDownTellsAnOlderLog(t *testing.T) {
	w := five(t)
	var old Head
	w.update(func(tx store.Tx) (err error) { old, _, err = w.log.Head(tx); return err })
	w.add(amina, Unlocked, "")
	now, err := w.verify(old)
	if err != nil {
		t.Fatalf("a log that went on: %v", err)
	}

	w.update(func(tx store.Tx) error {
		return errors.Join(tx.Delete(place(6)), heads().Put(tx, headAt, old))
	})
	if _, err := w.verify(Head{}); err != nil {
		t.Fatalf("nothing else tells it: %v", err)
	}
	if _, err := w.verify(now); err == nil || !strings.Contains(err.Error(), "1 entries more") {
		t.Errorf("%v", err)
	}
	w.add(amina, Frozen, "") // and let it grow again
	if _, err := w.verify(now); err == nil || !strings.Contains(err.Error(), "made anew") {
		t.Errorf("%v", err)
	}
}

func TestAnotherKeyRingDoesNotVerify(t *testing.T) {
	w := five(t)
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "other"))
	if err != nil {
		t.Fatal(err)
	}
	w.log = New(ring)
	if _, err := w.verify(Head{}); err == nil || !strings.Contains(err.Error(), "key ring") {
		t.Error(err)
	}
}

const sha = 32 // bytes of a hash

// five is a log of five entries.
func five(t testing.TB) *world {
	w := newWorld(t)
	for _, what := range []string{RegisterBegun, Registered, AttemptWrong, AttemptRight, Unlocked} {
		w.add(amina, what, "")
	}
	return w
}

func (w *world) change(tx store.Tx, seq uint64, fn func([]byte) []byte) error {
	text, err := tx.Get(place(seq))
	if err != nil {
		return err
	}
	return tx.Put(place(seq), fn(text))
}

func (w *world) move(tx store.Tx, from, to uint64) error {
	text, err := tx.Get(place(from))
	if err != nil {
		return err
	}
	return tx.Put(place(to), text)
}

// remake writes entries anew by another operator, with hashes that fit, and
// the head if that is wanted.
func (w *world) remake(tx store.Tx, from, to uint64, andHead bool) error {
	hash := first()
	if from > 1 {
		before, err := tx.Get(place(from - 1))
		if err != nil {
			return err
		}
		hash = before[:sha]
	}
	for n := from; n <= to; n++ {
		text, err := tx.Get(place(n))
		if err != nil {
			return err
		}
		text = bytes.Replace(text[sha:], []byte("jo"), []byte("al"), 1)
		hash = link(hash, text)
		if err := tx.Put(place(n), append(hash[:sha:sha], text...)); err != nil {
			return err
		}
	}
	if !andHead {
		return nil
	}
	head, _, err := w.log.Head(tx)
	head.Hash = hash
	return errors.Join(err, heads().Put(tx, headAt, head))
}

// BenchmarkVerify reads a long log from the disk's store, as an administrator
// who asks for it does.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	const many, atOnce = 100_000, 200
	for n := 0; n < many; n += atOnce {
		w.update(func(tx store.Tx) error {
			for i := range atOnce {
				e := wire.AuditEntry{At: noon, What: AttemptWrong, By: Terminal("ward7-door"), Site: "ward7",
					Person: fmt.Sprintf("%032x", i), Note: "2 attempts left"}
				if err := w.log.Add(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for b.Loop() {
		err := w.store.View(context.Background(), func(tx store.Tx) error {
			_, err := w.log.Verify(tx, Head{})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(many*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
