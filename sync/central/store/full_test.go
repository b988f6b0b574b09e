package store

import (
	"errors"
	"testing"

	"unlockpoint/sync/flash"
	"unlockpoint/sync/flash/flashtest"
)

// A disk that fills up takes nothing and loses nothing, and the store goes on
// once there is room.
func TestAFullDiskTakesNothingAndLosesNothing(t *testing.T) {
	disk := flashtest.Disk(t, "64m")
	s := open(t, disk+"/store")
	defer s.Close()
	update(t, s, putting("a", "1"))

	empty := flashtest.Fill(t, disk, flash.Least/2)
	if err := s.Update(t.Context(), putting("a", "2")); !errors.Is(err, ErrFull) {
		t.Errorf("on a full disk: %v", err)
	}
	if got := read(t, s, "a"); got != "1" {
		t.Errorf("on a full disk it reads %q", got)
	}
	empty()
	update(t, s, putting("a", "2"))
	if got := read(t, s, "a"); got != "2" {
		t.Errorf("with room again it reads %q", got)
	}
}

func read(t *testing.T, s Store, key string) (value string) {
	t.Helper()
	err := s.View(t.Context(), func(tx Tx) error {
		v, err := tx.Get(key)
		value = string(v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}
