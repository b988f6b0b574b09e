package fleet_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func open(t *testing.T) func(func(store.Tx) error) {
	t.Helper()
	db := openStore(t)
	return func(do func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
}

func openStore(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// finish does a chore as of some time.
func finish(t *testing.T, db *store.DB, at time.Time, forget func(store.Tx, time.Time) (bool, error)) {
	t.Helper()
	if err := store.Finish(t.Context(), db, func(tx store.Tx) (bool, error) { return forget(tx, at) }); err != nil {
		t.Fatal(err)
	}
}

// rows counts the rows of tables whose names begin alike.
func rows(t *testing.T, db *store.DB, table string) (n int) {
	t.Helper()
	_ = db.View(t.Context(), func(tx store.Tx) error {
		for range tx.Scan(table, "", 0) {
			n++
		}
		return nil
	})
	return n
}

func TestEventsAreNumberedAndTheOldestGo(t *testing.T) {
	update := open(t)
	for n := 0; n < 10_500; n += 500 {
		update(func(tx store.Tx) error {
			for range 500 {
				if err := fleet.Happened(tx, wire.Event{At: now, Kind: wire.CameOnline, Terminal: "ward-7"}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	update(func(tx store.Tx) error {
		all, err := fleet.Since(tx, 0, 0)
		if err != nil || len(all) != 10_000 || all[0].N != 501 || all[len(all)-1].N != 10_500 {
			t.Errorf("%d events, %v", len(all), err)
		}
		some, err := fleet.Since(tx, 10_490, 3)
		if err != nil || len(some) != 3 || some[0].N != 10_491 {
			t.Errorf("%+v, %v", some, err)
		}
		head, err := fleet.Head(tx)
		if head != 10_500 {
			t.Errorf("head is %d, %v", head, err)
		}
		return err
	})
}

func TestStepsAddUpOverDaysAndSites(t *testing.T) {
	update := open(t)
	step := func(site string, daysAgo int, page, next string, seconds int) {
		update(func(tx store.Tx) error {
			return fleet.Stepped(tx, site, now.AddDate(0, 0, -daysAgo), wire.StepBody{Page: page, Seconds: seconds, Next: next})
		})
	}
	step("east", 0, "unlock.code", "unlock.passcode", 20)
	step("east", 0, "unlock.code", "unlock.passcode", 30)
	step("west", 1, "unlock.code", "unlock.passcode", 10)
	step("west", 1, "unlock.code", "removed-early", 1_000_000) // a clock that jumped
	step("east", 2, "unlock.code", "take-card", 5)             // too long ago
	step("east", 0, "Not/a page", "idle", -5)
	all := func(string) bool { return true }
	east := func(site string) bool { return site == "east" }
	for _, c := range []struct {
		at   func(string) bool
		want []wire.StepRow
	}{
		{all, []wire.StepRow{{Page: "unlock.code", Next: "removed-early", N: 1, Seconds: 3600},
			{Page: "unlock.code", Next: "unlock.passcode", N: 3, Seconds: 60}, {Page: "other", Next: "other", N: 1}}},
		{east, []wire.StepRow{{Page: "other", Next: "other", N: 1}, {Page: "unlock.code", Next: "unlock.passcode", N: 2, Seconds: 50}}},
	} {
		update(func(tx store.Tx) error {
			got, err := fleet.Steps(tx, now, 2, c.at)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
			return err
		})
	}
}

// A terminal that makes up names of pages adds to one row in the end; and all
// rows of one day, more than a transaction takes, are forgotten together.
func TestNoTerminalFillsTheStoreWithNames(t *testing.T) {
	db := openStore(t)
	for batch := range 30 {
		err := db.Update(t.Context(), func(tx store.Tx) error {
			for n := batch * 100; n < batch*100+100; n++ {
				page := fmt.Sprintf("made-up.%c%c%c", 'a'+n%26, 'a'+n/26%26, 'a'+n/676)
				if err := fleet.Stepped(tx, "east", now, wire.StepBody{Page: page, Next: "idle"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ days, want int }{{400, 2001}, {401, 0}} {
		finish(t, db, now.AddDate(0, 0, c.days), fleet.ForgetSteps)
		if n := rows(t, db, "step/"); n != c.want {
			t.Errorf("after %d days there are %d rows, want %d", c.days, n, c.want)
		}
	}
	if n := rows(t, db, "step"); n != 0 {
		t.Errorf("%d rows are kept for ever", n)
	}
}
