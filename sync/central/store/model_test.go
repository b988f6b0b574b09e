package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

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
