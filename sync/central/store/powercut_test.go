package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const pairs = 12

// written makes a store with some updates of two keys each, all acknowledged,
// and copies its folder while it is open, as a power cut leaves it.
func written(t *testing.T) (copied string, log string) {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	for i := range pairs {
		update(t, s, func(tx Tx) error {
			if err := tx.Put(fmt.Sprintf("left/%02d", i), []byte("one of a pair")); err != nil {
				return err
			}
			return tx.Put(fmt.Sprintf("right/%02d", i), []byte("and the other"))
		})
	}
	copied = t.TempDir()
	copyFolder(t, dir, copied)
	logs, err := filepath.Glob(filepath.Join(copied, "*.mem"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs: %v, %v", logs, err)
	}
	return copied, filepath.Base(logs[0])
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// survivors opens a folder and counts pairs; half a pair is an error.
func survivors(t *testing.T, dir string) (n int) {
	t.Helper()
	s := open(t, dir)
	defer s.Close()
	err := s.View(t.Context(), func(tx Tx) error {
		for range tx.Scan("left/", "", 0) {
			n++
		}
		right := 0
		for range tx.Scan("right/", "", 0) {
			right++
		}
		if right != n {
			t.Errorf("%d left, %d right: an update was kept by halves", n, right)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir, _ := written(t)
	if n := survivors(t, dir); n != pairs {
		t.Errorf("%d of %d updates survived", n, pairs)
	}
}

// The power goes while the log is written: wherever that cuts it, the store
// opens and holds whole updates, the first ones.
func TestAPowerCutLeavesWholeUpdates(t *testing.T) {
	dir, log := written(t)
	full, err := os.ReadFile(filepath.Join(dir, log))
	if err != nil {
		t.Fatal(err)
	}
	end := len(full)
	for end > 0 && full[end-1] == 0 {
		end--
	}
	last := -1
	for cut := 20; cut <= end; cut += 61 { // a log begins with 20 bytes of its own
		torn := t.TempDir()
		copyFolder(t, dir, torn)
		text := append([]byte{}, full...)
		clear(text[cut:])
		if err := os.WriteFile(filepath.Join(torn, log), text, 0o600); err != nil {
			t.Fatal(err)
		}
		n := survivors(t, torn)
		if n < last {
			t.Errorf("cut at byte %d: %d updates, fewer than with less of the log", cut, n)
		}
		last = n
	}
}
