package store

import (
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

func TestACommandIsDoneOnceOverARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	restart := Command{Job: "job-1", Do: wire.Restart, Until: now.Add(time.Minute)}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, fresh, err := s.Begin(restart, now); err != nil || !fresh {
		t.Fatalf("%v, %v", fresh, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	// After the restart it is known, and open until its end is noted.
	s, err = Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if known, fresh, err := s.Begin(restart, now); err != nil || fresh || known.End != wire.Pending {
		t.Fatalf("%+v, %v, %v", known, fresh, err)
	}
	begun, err := s.Begun()
	if err != nil || len(begun) != 1 || begun[0].Do != wire.Restart {
		t.Fatalf("%+v, %v", begun, err)
	}
	begun[0].End, begun[0].Text = wire.Done, "it started again"
	if err := s.End(begun[0]); err != nil {
		t.Fatal(err)
	}
	if known, fresh, err := s.Begin(restart, now); err != nil || fresh || known.Text != "it started again" {
		t.Fatalf("%+v, %v, %v", known, fresh, err)
	}
	if begun, err := s.Begun(); err != nil || len(begun) != 0 {
		t.Fatalf("%+v, %v", begun, err)
	}

	// Once its time is over, central does not send it any more: it is forgotten.
	later := Command{Job: "job-2", Do: wire.Identify, Until: now.Add(time.Hour)}
	if _, _, err := s.Begin(later, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, fresh, err := s.Begin(restart, now.Add(2*time.Minute)); err != nil || !fresh {
		t.Fatalf("it is kept for ever: %v", err)
	}
}
