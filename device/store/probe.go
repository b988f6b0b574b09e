package store

import (
	"crypto/rand"
	"errors"
	"fmt"

	"unlockpoint/sync/flash"
)

// Probe writes something to the disk and reads it back.
func (s *Store) Probe() error {
	wrote, read := rand.Text(), ""
	err := s.update("probe", func(t tx) error { return t.put(keyProbe, wrote) })
	if err == nil {
		err = s.view(func(t tx) error { return t.get(keyProbe, &read) })
	}
	if err == nil && read != wrote {
		err = errors.New("something else came back")
	}
	if err != nil {
		return fmt.Errorf("probe the store: %w", err)
	}
	return nil
}

// Free is how many bytes are left on the store's disk.
func (s *Store) Free() (uint64, error) {
	return flash.Free(s.dir)
}
