package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
	terminalstore "unlockpoint/device/store"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// registrations is how many a large site has.
const registrations = 10_000

// newLargeSite is a world with many registrations, all of them in the
// replica of its first terminal, whose power was cut.
func newLargeSite(b *testing.B) *world {
	b.Helper()
	w := newWorld(b, "")
	door := w.walls[0]
	door.start().sees("idle") // takes the rules of its site
	door.terminal.Stop(b)
	w.Central.Stop(b)
	w.registers(b, registrations)
	door.copies(b)
	w.StartCentral()
	door.start().sees("idle")
	door.terminal.Kill()
	return w
}

// The aim is 80 MiB, after everything that a terminal does most.
func BenchmarkMemory(b *testing.B) {
	w := newLargeSite(b)
	door := w.walls[0]
	for b.Loop() {
		h := w.Hires(simcard.Working)
		p := door.start()
		p.sees("idle")
		door.insert(h.Card)
		p.register(w, h)
		door.pull()
		p.sees("idle")
		h.Block(b)
		door.insert(h.Card)
		p.unlocks(w, h)
		b.ReportMetric(door.terminal.Peak(b), "MiB/terminal")
		door.pull()
		p.sees("idle") // a card that is still in would be read at the next start
		door.terminal.Kill()
	}
}

// The aim is one second, from nothing to idle.
func BenchmarkReady(b *testing.B) {
	w := newLargeSite(b)
	door := w.walls[0]
	for b.Loop() {
		begun := time.Now()
		door.terminal = hospitaltest.Start(b, w.pcsc.Command(hospitaltest.Program(b, "terminal"), "--config", door.config, "run"))
		person := &person{t: b, socket: door.socket}
		person.sees("idle")
		b.ReportMetric(time.Since(begun).Seconds(), "s/start")
		door.terminal.Kill()
	}
}

// registers gives central's store n registrations, as many people would.
func (w *world) registers(t testing.TB, n int) {
	t.Helper()
	db := w.centralStore(t)
	defer db.Close()
	const together = 250
	for from := 0; from < n; from += together {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for i := from; i < min(n, from+together); i++ {
				change := wire.RegistryChange{Card: wire.CardHash([]byte("registry"), fmt.Sprint("card ", i)),
					Registration: wire.NewID(), Asked: []int{3, 7, 12}, Standing: wire.StandsRegistered}
				if err := registry.Tell(tx, "ward7", change); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) centralStore(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(w.Path("central", "data"))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// copies brings the terminal's replica up to central's registry by the pages
// that central would send.
func (a *wall) copies(t testing.TB) {
	t.Helper()
	from := a.w.centralStore(t)
	defer from.Close()
	to, err := terminalstore.Open(a.w.Path(a.id, "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	after := uint64(0)
	for more := true; more; {
		var page wire.RegistryPageReply
		err := from.View(context.Background(), func(tx store.Tx) (err error) {
			page, err = registry.Page(tx, "ward7", wire.RegistryPageBody{After: after})
			return err
		})
		if err != nil || len(page.Changes) == 0 {
			t.Fatalf("the registry after %d: %d changes, %v", after, len(page.Changes), err)
		}
		after, more = page.Changes[len(page.Changes)-1].Number, page.More
		if err := to.Apply(page.Changes, after); err != nil {
			t.Fatal(err)
		}
	}
}
