package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/dgraph-io/badger/v4"
)

func TestARottenValueIsNoticed(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	err := s.db.Update(func(txn *badger.Txn) error {
		return txn.Set([]byte("moved"), wrap("elsewhere", []byte("1")))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx Tx) error {
		for range tx.Scan("", "", 0) {
			t.Error("a rotten value was handed out")
		}
		return nil
	})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedStoreIsLeftAsItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir)
	update(t, s, putting("a", "1"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "MANIFEST"), []byte("not a manifest"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := Open(dir)
	if !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v", err)
	}
	if left, err := os.ReadFile(filepath.Join(dir, "MANIFEST")); string(left) != "not a manifest" {
		t.Errorf("%q, %v", left, err)
	}
}

func TestAStoreBelongsToOneProgram(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	if _, err := Open(dir); !errors.Is(err, ErrInUse) || errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add("k", []byte{})
	f.Add("k", wrap("k", []byte("value")))
	f.Add("j", wrap("k", nil))
	f.Add("", []byte{2, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, key string, stored []byte) {
		value, err := unwrap(key, stored)
		if err == nil && string(wrap(key, value)) != string(stored) {
			t.Errorf("%x reads as %x but is written differently", stored, value)
		}
	})
}
