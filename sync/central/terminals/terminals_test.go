package terminals_test

import (
	"errors"
	"testing"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

func TestALifeOfATerminal(t *testing.T) {
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keyring.Create(t.TempDir() + "/ring")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	update := func(do func(tx store.Tx) error) error { return db.Update(t.Context(), do) }
	find := func() (x terminals.Terminal) {
		if err := update(func(tx store.Tx) (err error) { x, err = terminals.Find(tx, "ward-7"); return err }); err != nil {
			t.Fatal(err)
		}
		return x
	}

	// When it is added, central keeps public halves and a sealed password.
	var id wire.Identity
	add := func(tx store.Tx) (err error) {
		id, err = terminals.Add(tx, ring, terminals.New{ID: "ward-7", Site: "east", Name: " Ward 7 ", Realm: "trust.nhs.uk", URL: "mqtt://b:1883", Now: now})
		return err
	}
	if err := update(add); err != nil || id.Check() != nil || id.Name != "Ward 7" {
		t.Fatalf("%v, %v", err, id)
	}
	x := find()
	if string(x.Password) == id.MQTT.Password || string(x.NoteKey) == string(id.NoteKey) || !x.Serving() {
		t.Fatal("central keeps what it should not")
	}
	if p, err := terminals.Password(ring, x); err != nil || p != id.MQTT.Password {
		t.Fatal(err)
	}

	// In quarantine the first reason stays, until it is released.
	update(func(tx store.Tx) error { return terminals.SetQuarantine(tx, "ward-7", "first") })
	update(func(tx store.Tx) error { return terminals.SetQuarantine(tx, "ward-7", "second") })
	if find().Quarantine != "first" {
		t.Fatal(find().Quarantine)
	}
	update(func(tx store.Tx) error { return terminals.Release(tx, "ward-7") })
	if find().Quarantine != "" {
		t.Fatal("not released")
	}

	// Retired, its key and password are gone and its id is not used again.
	update(func(tx store.Tx) error { return terminals.Retire(tx, "ward-7", now) })
	if x := find(); x.Serving() || len(x.NoteKey)+len(x.Password) != 0 {
		t.Fatalf("%+v", x)
	}
	if err := update(add); !errors.Is(err, terminals.ErrTaken) {
		t.Fatal(err)
	}
	if err := update(func(tx store.Tx) error { return terminals.Retire(tx, "ward-9", now) }); !errors.Is(err, terminals.ErrUnknown) {
		t.Fatal(err)
	}
}
