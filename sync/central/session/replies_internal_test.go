package session

import (
	"fmt"
	"testing"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// All replies of an hour are old at once, and they may be more than one
// transaction forgets.
func TestAnyNumberOfOldRepliesIsForgotten(t *testing.T) {
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for n := range 8 {
		err := db.Update(t.Context(), func(tx store.Tx) error {
			for i := range 250 {
				in := letter{note: wire.Envelope{From: "ward-7", ID: fmt.Sprintf("%d-%d", n, i)}}
				if err := keep(tx, in, []byte("reply"), now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{kept, 4000}, {kept + time.Hour, 0}} {
		err := store.Finish(t.Context(), db, func(tx store.Tx) (bool, error) { return Sweep(tx, now.Add(c.after)) })
		if err != nil {
			t.Fatal(err)
		}
		_ = db.View(t.Context(), func(tx store.Tx) error {
			rows := 0
			for range tx.Scan("reply", "", 0) {
				rows++
			}
			if rows != c.want {
				t.Errorf("after %s there are %d rows, want %d", c.after, rows, c.want)
			}
			return nil
		})
	}
}
