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

// An unlock whose end the full disk did not take is told of when a card is put
// in again: what was on the disk before the card was touched is enough.
func TestAnUnlockThatAFullDiskCutShortIsTold(t *testing.T) {
	disk := flashtest.Disk(t, "64m")
	s, err := Open(filepath.Join(disk, "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u := begun(t, s, cardHash(1), 1)
	steps{resetCurrent}.run(t, u)
	empty := flashtest.Fill(t, disk, flash.Least-4096)
	for name, err := range map[string]error{"the card's answer": resetDone(u), "the end": u.Finish()} {
		if !errors.Is(err, ErrFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := s.Unfinished(cardHash(1)); !errors.Is(err, ErrFull) {
		t.Errorf("there is no room yet: %v", err)
	}
	empty()
	if _, told, err := s.Unfinished(cardHash(1)); err != nil || !told {
		t.Errorf("it is unfinished: %v, %v", told, err)
	}
	if last, n := done(t, s); n != 1 || last.PIN != wire.PINUnknown || last.Case != "case-1" {
		t.Errorf("told %d times: %+v", n, last)
	}
}
