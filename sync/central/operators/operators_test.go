package operators_test

import (
	"errors"
	"testing"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

func TestALifeOfAnOperator(t *testing.T) {
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keyring.Create(t.TempDir() + "/ring")
	if err != nil {
		t.Fatal(err)
	}
	update := func(do func(tx store.Tx) error) error { return db.Update(t.Context(), do) }
	var badge wire.Badge
	add := func(id string, role wire.Role) error {
		return update(func(tx store.Tx) (err error) {
			badge, err = operators.Add(tx, ring, operators.New{ID: id, Role: role, Sites: []string{"east"}, Realm: "trust.nhs.uk",
				URL: "mqtt://b:1883", Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)})
			return err
		})
	}

	// When one is added, central keeps public halves and a sealed password.
	if err := add("jo", wire.Engineer); err != nil || badge.Check() != nil || badge.Role != wire.Engineer {
		t.Fatalf("%v, %v", err, badge)
	}
	var list []operators.Operator
	if err := update(func(tx store.Tx) (err error) { list, err = operators.List(tx); return err }); err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	jo := list[0]
	if string(jo.Password) == badge.MQTT.Password || string(jo.NoteKey) == string(badge.NoteKey) || !jo.At("east") || jo.At("west") {
		t.Fatal("central keeps what it should not")
	}
	if p, err := operators.Password(ring, jo); err != nil || p != badge.MQTT.Password {
		t.Fatal(err)
	}

	// A name is given once, among operators and terminals.
	if err := add("jo", wire.Viewer); !errors.Is(err, operators.ErrTaken) {
		t.Fatal(err)
	}
	if err := update(func(tx store.Tx) error {
		_, err := terminals.Add(tx, ring, terminals.New{ID: "jo", Site: "east", Realm: "trust.nhs.uk", URL: "mqtt://b:1883"})
		return err
	}); !errors.Is(err, terminals.ErrTaken) {
		t.Fatal(err)
	}
	if err := add("central", wire.Viewer); !errors.Is(err, operators.ErrMalformed) {
		t.Fatal(err)
	}
	if err := add("al", "root"); !errors.Is(err, operators.ErrNoRole) {
		t.Fatal(err)
	}

	// Once removed, nobody is left, and new keys may be made for the name.
	remove := func(tx store.Tx) error { return operators.Remove(tx, "jo") }
	if err := update(remove); err != nil {
		t.Fatal(err)
	}
	if err := update(remove); !errors.Is(err, operators.ErrUnknown) {
		t.Fatal(err)
	}
	if err := add("jo", wire.Viewer); err != nil {
		t.Fatal(err)
	}
}
