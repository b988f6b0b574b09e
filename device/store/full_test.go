package store

import (
	"errors"
	"path/filepath"
	"testing"

	"unlockpoint/sync/flash"
	"unlockpoint/sync/flash/flashtest"
	"unlockpoint/sync/wire"
)

// A disk that fills up takes nothing and loses nothing, and the store goes on
// once there is room.
func TestAFullDiskTakesNothingAndLosesNothing(t *testing.T) {
	disk := flashtest.Disk(t, "64m")
	dir := filepath.Join(disk, "store")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	add := func() error { _, err := s.AddFact(wire.Audit, wire.AuditBody{What: "reader.missing"}); return err }
	if err := add(); err != nil {
		t.Fatal(err)
	}
	before, err := s.Outbox()
	if err != nil {
		t.Fatal(err)
	}

	for _, left := range []uint64{flash.Least - 4096, 0} {
		empty := flashtest.Fill(t, disk, left)
		if err := add(); !errors.Is(err, ErrFull) {
			t.Errorf("with %d bytes left: %v", left, err)
		}
		if err := s.Probe(); !errors.Is(err, ErrFull) {
			t.Errorf("with %d bytes left it is probed: %v", left, err)
		}
		if now, err := s.Outbox(); err != nil || now != before {
			t.Errorf("with %d bytes left it reads %+v, %v", left, now, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("with %d bytes left it is closed: %v", left, err)
		}
		empty()
		empty = flashtest.Fill(t, disk, left) // closing made room
		if _, err := Open(dir); !errors.Is(err, ErrFull) || errors.Is(err, ErrDamaged) {
			t.Errorf("with %d bytes left it is opened: %v", left, err)
		}
		empty()
		if s, err = Open(dir); err != nil || s.SetAside() != "" {
			t.Fatalf("with room again: %v, set aside %q", err, s.SetAside())
		}
		if now, err := s.Outbox(); err != nil || now != before {
			t.Errorf("with room again it reads %+v, %v", now, err)
		}
	}
	if err := add(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
