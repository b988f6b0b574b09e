package appliance

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/display/browser"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/flash"
	"unlockpoint/sync/flash/flashtest"
	"unlockpoint/sync/wire"
)

// What a full disk has no room for is written once it has, with the time at
// which it happened.
func TestAFactWaitsForRoomOnTheDisk(t *testing.T) {
	disk := flashtest.Disk(t, "64m")
	db, err := store.Open(filepath.Join(disk, "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	then := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	now := then
	a := &Appliance{store: db, asides: make(chan aside), cfg: Config{Log: slog.New(slog.DiscardHandler)},
		uplink: uplink.New(uplink.Config{Now: func() time.Time { return now }}, db)}
	empty := flashtest.Fill(t, disk, flash.Least/2)
	ended := make(chan error, 1)
	go func() { ended <- a.runAsides(t.Context()) }()
	defer func() {
		close(a.asides)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for _, what := range []string{"reader.missing", "reader.back"} {
		a.later(t.Context(), aside{effect: journey.Report{What: what}})
		now = now.Add(time.Hour)
	}
	a.later(t.Context(), aside{effect: journey.Beep{}}) // the two before have been tried
	empty()
	for range db.Added() {
		facts, err := db.After(0, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(facts) < 2 {
			continue
		}
		for i, want := range []wire.AuditBody{{What: "reader.missing", At: then}, {What: "reader.back", At: then.Add(time.Hour)}} {
			var got wire.AuditBody
			if err := json.Unmarshal(facts[i].Text, &got); err != nil || got.What != want.What || !got.At.Equal(want.At) {
				t.Errorf("fact %d is %+v, %v", i, got, err)
			}
		}
		break
	}
}

// A terminal that is stopped in an orderly way writes what it has begun to tell.
func TestWhatIsToBeToldIsWrittenBeforeTheEnd(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	screen := layouttest.Small()
	a, err := New(Config{Slot: simcard.NewSlot("reader"), Drawer: browser.New(screen.Width, screen.Height), Screen: screen}, db)
	if err != nil {
		t.Fatal(err)
	}
	for range cap(a.asides) {
		a.later(t.Context(), aside{effect: journey.Report{What: "card.left"}})
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(dir); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if told, err := db.After(0, 100); len(told) != cap(a.asides) || err != nil {
		t.Errorf("%d facts are written, %v", len(told), err)
	}
}
