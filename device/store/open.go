package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"unlockpoint/sync/flash"
)

// damageMark is a file in the store's folder: something in it could not be
// read back.
const damageMark = "DAMAGED"

// Open opens the store in dir, or makes one. A damaged one is renamed to
// dir.damaged-N and replaced by a new one with a new incarnation.
func Open(dir string) (*Store, error) {
	aside := ""
	s, err := open(dir)
	if errors.Is(err, ErrDamaged) {
		if aside, err = setAside(dir); err != nil {
			return nil, err
		}
		s, err = open(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", dir, err)
	}
	s.aside = aside
	return s, nil
}

func open(dir string) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, damageMark)); err == nil {
		return nil, ErrDamaged
	}
	db, err := flash.Open(flash.Options(dir).WithNumCompactors(0)) // see compact
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, dir: dir, added: make(chan struct{}, 1)}
	if err := s.ready(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// setAside renames dir to the first free dir.damaged-N.
func setAside(dir string) (string, error) {
	for n := 1; ; n++ {
		to := dir + ".damaged-" + strconv.Itoa(n)
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(dir, to); err != nil {
			return "", fmt.Errorf("set the damaged store aside: %w", err)
		}
		return to, nil
	}
}

// ready reads what every store has, makes it in a new one, and settles the
// unlocks that a power cut left behind.
func (s *Store) ready() error {
	if err := s.identify(); err != nil {
		return err
	}
	if err := s.view(func(t tx) error { return t.find(keyRules, &s.settings) }); err != nil {
		return err
	}
	if err := s.checkOutbox(); err != nil {
		return err
	}
	return s.recover()
}

// identify reads the incarnation, or draws one for a new store.
func (s *Store) identify() error {
	err := s.view(func(t tx) error { return t.get(keyInc, &s.inc) })
	if !errors.Is(err, errNone) {
		return err
	}
	var inc [16]byte
	rand.Read(inc[:])
	s.inc = hex.EncodeToString(inc[:])
	return s.update("inc", func(t tx) error {
		if err := t.put(keyInc, s.inc); err != nil {
			return err
		}
		return t.put(keyTail, tail{Chain: s.inc})
	})
}
