package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"

	"unlockpoint/sync/wire"
)

// rawSet writes bytes past the store, as a failing disk might.
func rawSet(t *testing.T, s *Store, key string, value []byte) {
	t.Helper()
	err := s.db.Update(func(b *badger.Txn) error { return b.Set([]byte(key), value) })
	if err != nil {
		t.Fatal(err)
	}
}

func rawGet(t *testing.T, s *Store, key string) []byte {
	t.Helper()
	var value []byte
	err := s.db.View(func(b *badger.Txn) error {
		item, err := b.Get([]byte(key))
		if err != nil {
			return err
		}
		value, err = item.ValueCopy(nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestADamagedStoreIsSetAsideAndReplaced(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"manifest":   func(t *testing.T, dir string) { overwrite(t, dir, "MANIFEST") },
		"key file":   func(t *testing.T, dir string) { overwrite(t, dir, "KEYREGISTRY") },
		"rules":      func(t *testing.T, dir string) { spoil(t, dir, keyRules) },
		"outbox end": func(t *testing.T, dir string) { spoil(t, dir, keyTail) },
		"last fact":  func(t *testing.T, dir string) { spoil(t, dir, numbered(underFact, 1)) },
		"lost fact":  func(t *testing.T, dir string) { lose(t, dir, numbered(underFact, 1)) },
		"lost end":   func(t *testing.T, dir string) { lose(t, dir, keyTail) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			s := opened(t, dir)
			inc := s.Inc()
			if err := s.SetSettings(wire.Settings{Policy: wire.DefaultPolicy(), Site: wire.Site{}}); err != nil {
				t.Fatal(err)
			}
			addSteps(t, s, 1)
			closed(t, s)
			damage(t, dir)

			s = opened(t, dir)
			if s.Inc() == inc {
				t.Error("the new store has the old incarnation")
			}
			if s.SetAside() != dir+".damaged-1" {
				t.Errorf("set aside to %q", s.SetAside())
			}
			if _, err := os.Stat(filepath.Join(s.SetAside(), "MANIFEST")); err != nil {
				t.Errorf("the damaged store is gone: %v", err)
			}
			addSteps(t, s, 1)
			wantSound(t, s)
		})
	}
}

func overwrite(t *testing.T, dir, file string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, file), bytes.Repeat([]byte("?"), 64), 0o600); err != nil {
		t.Fatal(err)
	}
}

func spoil(t *testing.T, dir, key string) {
	t.Helper()
	s := opened(t, dir)
	value := rawGet(t, s, key)
	value[len(value)-1] ^= 1
	rawSet(t, s, key, value)
	closed(t, s)
}

func lose(t *testing.T, dir, key string) {
	t.Helper()
	s := opened(t, dir)
	if err := s.db.Update(func(b *badger.Txn) error { return b.Delete([]byte(key)) }); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
}

func TestDamageFoundLaterIsMarkedForTheNextOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	apply(t, s, 1, registered(1, hashOf(1)))
	closed(t, s)
	spoil(t, dir, underCard+hashOf(1))

	s = opened(t, dir) // opening reads no card
	_, _, err := s.Card(hashOf(1))
	if !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), hashOf(1)) {
		t.Fatalf("a spoilt card reads as %v", err)
	}
	closed(t, s)
	s = opened(t, dir)
	if s.SetAside() == "" {
		t.Error("the damaged store is still in use")
	}
	if head, _ := s.Head(); head != 0 {
		t.Error("the new replica does not begin at the beginning")
	}
}

func TestAValueUnderAnothersKeyIsDamage(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	apply(t, s, 2, registered(1, hashOf(1)), registered(2, hashOf(2)))
	rawSet(t, s, underCard+hashOf(1), rawGet(t, s, underCard+hashOf(2)))
	if _, _, err := s.Card(hashOf(1)); !errors.Is(err, ErrDamaged) {
		t.Errorf("card 2's registration was taken for card 1's: %v", err)
	}
}

func TestAStoreInUseIsLeftAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	addSteps(t, s, 1)
	if _, err := Open(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	addSteps(t, s, 1)
	wantSound(t, s)
}

func TestAStoreThatMayNotBeReadIsLeftAlone(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := filepath.Join(t.TempDir(), "store")
	closed(t, opened(t, dir))
	if err := os.Chmod(dir, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if _, err := Open(dir); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("opened: %v", err)
	}
}
