package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"pgregory.net/rapid"
)

func open(t testing.TB, dir string) *DB {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func update(t testing.TB, s Store, fn func(Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func putting(key, value string) func(Tx) error {
	return func(tx Tx) error { return tx.Put(key, []byte(value)) }
}

func TestWritesOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	update(t, s, putting("a", "1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir)
	defer s.Close()
	err := s.View(t.Context(), func(tx Tx) error {
		v, err := tx.Get("a")
		if string(v) != "1" {
			t.Errorf("got %q after opening again", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	update(t, s, putting("a", "1"))

	no := errors.New("no")
	err := s.Update(t.Context(), func(tx Tx) error {
		return errors.Join(tx.Put("a", nil), tx.Put("b", []byte("2")), tx.Delete("a"), no)
	})
	if !errors.Is(err, no) {
		t.Fatalf("got %v", err)
	}
	_ = s.View(t.Context(), func(tx Tx) error {
		if v, err := tx.Get("a"); err != nil || string(v) != "1" {
			t.Errorf("a is %q, %v", v, err)
		}
		if _, err := tx.Get("b"); !errors.Is(err, ErrNotFound) {
			t.Errorf("b: %v", err)
		}
		return nil
	})
}

func TestAViewDoesNotWrite(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	if err := s.View(t.Context(), putting("a", "1")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), putting("a", "1")); !errors.Is(err, ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := s.View(t.Context(), putting("a", "1")); !errors.Is(err, ErrClosed) {
		t.Errorf("view: %v", err)
	}
}

func TestTooManyWritesAreRefusedAlone(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	err := s.Update(t.Context(), func(tx Tx) error {
		for i := range maxKeys + 1 {
			if err := tx.Put(fmt.Sprint(i), nil); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	update(t, s, func(tx Tx) error { // the most that is allowed does fit
		for i := range maxKeys {
			if err := tx.Put(fmt.Sprint(i), make([]byte, 90)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Many writers add one to the same number: each sees what the one before it
// wrote, although they share commits.
func TestWritersDoNotLoseEachOther(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	numbers := Table[int]{"numbers"}
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			err := s.Update(t.Context(), func(tx Tx) error {
				n, _, err := numbers.Find(tx, "n")
				return errors.Join(err, numbers.Put(tx, "n", n+1))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	_ = s.View(t.Context(), func(tx Tx) error {
		if n, err := numbers.Get(tx, "n"); n != 64 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		return nil
	})
}

// Whatever is written, in whatever transactions, reads back as from a map,
// inside the transaction and after it.
func TestStoreIsAMap(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	model := map[string]string{}
	rapid.Check(t, func(r *rapid.T) {
		work := maps.Clone(model)
		fail := rapid.Bool().Draw(r, "fail")
		err := s.Update(context.Background(), func(tx Tx) error {
			for range rapid.IntRange(1, 8).Draw(r, "writes") {
				key := rapid.StringMatching(`[abc]/[a-d]{1,2}`).Draw(r, "key")
				if rapid.Bool().Draw(r, "delete") {
					delete(work, key)
					if err := tx.Delete(key); err != nil {
						return err
					}
					continue
				}
				work[key] = rapid.String().Draw(r, "value")
				if err := tx.Put(key, []byte(work[key])); err != nil {
					return err
				}
			}
			same(r, tx, work)
			if fail {
				return errors.New("taken back")
			}
			return nil
		})
		if err == nil {
			model = work
		}
		_ = s.View(context.Background(), func(tx Tx) error { same(r, tx, model); return nil })
	})
}

func same(r *rapid.T, tx Tx, want map[string]string) {
	prefix := rapid.SampledFrom([]string{"", "a", "a/", "b/a", "c/"}).Draw(r, "prefix")
	after := rapid.SampledFrom([]string{"", "a/b", "b/aa"}).Draw(r, "after")
	limit := rapid.IntRange(0, 3).Draw(r, "limit")
	var keys []string
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if strings.HasPrefix(k, prefix) && k > after && (limit == 0 || len(keys) < limit) {
			keys = append(keys, k)
		}
	}
	var got []string
	for k, v := range tx.Scan(prefix, after, limit) {
		got = append(got, k)
		if string(v) != want[k] {
			r.Fatalf("%q is %q, want %q", k, v, want[k])
		}
	}
	if !slices.Equal(got, keys) {
		r.Fatalf("scan %q after %q: got %q, want %q", prefix, after, got, keys)
	}
}

func TestARottenValueIsNoticed(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	err := s.db.Update(func(txn *badger.Txn) error {
		return txn.Set([]byte("moved"), wrap("elsewhere", []byte("1")))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx Tx) error {
		for range tx.Scan("", "", 0) {
			t.Error("a rotten value was handed out")
		}
		return nil
	})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedStoreIsSetAsideWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir)
	update(t, s, putting("a", "1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "MANIFEST"), []byte("not a manifest"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := Open(dir)
	if !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v", err)
	}
	aside, err := SetAside(dir, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(aside, "MANIFEST")); err != nil {
		t.Error(err)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Error(err)
	}
}

func TestAStoreBelongsToOneProgram(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	if _, err := Open(dir); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestTableRows(t *testing.T) {
	type row struct{ N int }
	s := open(t, t.TempDir())
	defer s.Close()
	rows := Table[row]{"rows"}
	update(t, s, func(tx Tx) error {
		for i, key := range []string{"x/1", "x/2", "x/3", "y/1"} {
			if err := rows.Put(tx, key, row{i}); err != nil {
				return err
			}
		}
		return rows.Delete(tx, "x/2")
	})
	_ = s.View(t.Context(), func(tx Tx) error {
		var keys []string
		for r, err := range rows.Each(tx, "x/") {
			keys = append(keys, fmt.Sprint(r.Key, r.Value.N, err))
		}
		if got := strings.Join(keys, " "); got != "x/10 <nil> x/32 <nil>" {
			t.Errorf("got %q", got)
		}
		if _, ok, err := rows.Find(tx, "x/2"); ok || err != nil {
			t.Errorf("found a deleted row: %v", err)
		}
		return nil
	})
}

func FuzzUnwrap(f *testing.F) {
	f.Add("k", []byte{})
	f.Add("k", wrap("k", []byte("value")))
	f.Add("j", wrap("k", nil))
	f.Add("", []byte{2, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, key string, stored []byte) {
		value, err := unwrap(key, stored)
		if err == nil && string(wrap(key, value)) != string(stored) {
			t.Errorf("%x reads as %x but is written differently", stored, value)
		}
	})
}

// With 32 writers commits are shared: many updates for one fsync.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := open(b, b.TempDir())
			defer s.Close()
			var all sync.WaitGroup
			for w := range writers {
				all.Go(func() {
					for i := 0; i < b.N/writers+1; i++ {
						update(b, s, putting(fmt.Sprintf("w/%d/%d", w, i), "a row of some length, as they go"))
					}
				})
			}
			all.Wait()
		})
	}
}
