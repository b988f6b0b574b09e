package store

import (
	"errors"
	"fmt"

	"unlockpoint/sync/wire"
)

// batch is the most changes in one transaction: 256 of them, at about 250
// bytes, are a fifth of what Badger takes with a 2 MiB memtable.
const batch = 256

// Apply takes changes of the site's registry, in the order of their numbers;
// afterwards the replica is as new as head. Changes that it has already are
// passed over, so a page may come twice.
func (s *Store) Apply(changes []wire.RegistryChange, head uint64) error {
	for len(changes) > batch {
		if err := s.apply(changes[:batch], changes[batch-1].Number); err != nil {
			return err
		}
		changes = changes[batch:]
	}
	return s.apply(changes, head)
}

func (s *Store) apply(changes []wire.RegistryChange, head uint64) error {
	err := s.update("registry", func(t tx) error {
		had, err := t.head()
		if err != nil || head <= had {
			return err
		}
		for _, c := range changes {
			if c.Number <= had {
				continue
			}
			if err := t.change(c); err != nil {
				return err
			}
		}
		return t.put(keyHead, head)
	})
	if err != nil {
		return fmt.Errorf("apply registry changes: %w", err)
	}
	return nil
}

func (t tx) change(c wire.RegistryChange) error {
	if err := checkHash(c.Card); err != nil {
		return err
	}
	if c.Gone {
		return t.drop(underCard + c.Card)
	}
	return t.put(underCard+c.Card, c)
}

func (t tx) head() (head uint64, err error) {
	err = t.find(keyHead, &head)
	return head, err
}

// Head is the number of the newest change applied; 0 for none.
func (s *Store) Head() (uint64, error) {
	var head uint64
	err := s.view(func(t tx) (err error) {
		head, err = t.head()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read the registry's head: %w", err)
	}
	return head, nil
}

// Epoch is that of the registry that the replica is a copy of; empty for the
// first.
func (s *Store) Epoch() (string, error) {
	var epoch string
	if err := s.view(func(t tx) error { return t.find(keyEpoch, &epoch) }); err != nil {
		return "", fmt.Errorf("read the registry's epoch: %w", err)
	}
	return epoch, nil
}

// Anew forgets the replica, for a copy of the registry's next epoch. Should the
// power go meanwhile, it is still of the epoch before, and is forgotten again.
func (s *Store) Anew(epoch string) error {
	for more := true; more; {
		err := s.update("anew", func(t tx) (err error) {
			if more, err = t.empty(underCard); err != nil {
				return err
			}
			if !more {
				err = t.put(keyEpoch, epoch)
			}
			return errors.Join(err, t.put(keyHead, uint64(0)))
		})
		if err != nil {
			return fmt.Errorf("forget the registry's last epoch: %w", err)
		}
	}
	return nil
}

// empty drops a batch of what is under a prefix; more says that there may be
// more of it.
func (t tx) empty(prefix string) (more bool, err error) {
	var keys []string
	err = t.each(prefix, prefix, func(key string, _ []byte) (bool, error) {
		keys = append(keys, key)
		return len(keys) < batch, nil
	})
	for _, key := range keys {
		err = errors.Join(err, t.drop(key))
	}
	return len(keys) == batch, err
}

// Card is what the replica knows of the card with this keyed hash.
func (s *Store) Card(hash string) (wire.RegistryChange, bool, error) {
	var c wire.RegistryChange
	err := s.view(func(t tx) error { return t.get(underCard+hash, &c) })
	if errors.Is(err, errNone) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("look a card up: %w", err)
	}
	return c, true, nil
}
