package store

import (
	"errors"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"
)

// tx is a transaction: a snapshot of the database and, if it may write, the
// overlay of its batch.
type tx struct {
	base *badger.Txn
	over *overlay // nil: read only
	err  error    // damage that was found
}

var _ Tx = (*tx)(nil)

func (t *tx) Get(key string) ([]byte, error) {
	if t.err != nil {
		return nil, t.err
	}
	if t.over != nil {
		if v, ok := t.over.writes[key]; ok {
			return found(key, v)
		}
	}
	item, err := t.base.Get([]byte(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return found(key, nil)
	}
	if err != nil {
		return nil, t.fail(fmt.Errorf("reading %q: %w", key, err))
	}
	return t.read(item)
}

// found turns an overlay's entry, nil if there is none, into Get's result.
func found(key string, value []byte) ([]byte, error) {
	if value == nil {
		return nil, fmt.Errorf("%q: %w", key, ErrNotFound)
	}
	return append([]byte{}, value...), nil
}

// read copies and checks the value of a stored item.
func (t *tx) read(item *badger.Item) ([]byte, error) {
	key := string(item.Key())
	stored, err := item.ValueCopy(nil)
	if err != nil {
		return nil, t.fail(fmt.Errorf("%w: reading %q: %w", ErrDamaged, key, err))
	}
	value, err := unwrap(key, stored)
	if err != nil {
		return nil, t.fail(err)
	}
	return value, nil
}

func (t *tx) fail(err error) error {
	t.err = err
	return err
}

func (t *tx) Put(key string, value []byte) error {
	return t.write(key, append([]byte{}, value...))
}

func (t *tx) Delete(key string) error { return t.write(key, nil) }

func (t *tx) Full() bool {
	return t.over != nil && (t.over.size > maxBytes/2 || len(t.over.undo) > maxKeys/2)
}

func (t *tx) write(key string, value []byte) error {
	if t.over == nil {
		return ErrReadOnly
	}
	if t.err != nil {
		return t.err
	}
	t.over.set(key, value)
	return nil
}

func (t *tx) Scan(prefix, after string, limit int) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		n := 0
		for k, v := range t.merged(prefix, after) {
			if n++; !yield(k, v) || n == limit {
				return
			}
		}
	}
}

// merged goes through the snapshot and the overlay side by side; where both
// have a key the overlay wins.
func (t *tx) merged(prefix, after string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		var over []entry
		if t.over != nil {
			over = t.over.under(prefix, after)
		}
		ahead := func(before string, all bool) bool { // the overlay's entries in front of a key
			for len(over) > 0 && (all || over[0].key < before) {
				e := over[0]
				over = over[1:]
				if e.value != nil && !yield(e.key, append([]byte{}, e.value...)) {
					return false
				}
			}
			return true
		}
		for k, item := range t.stored(prefix, after) {
			if !ahead(k, false) {
				return
			}
			if len(over) > 0 && over[0].key == k {
				continue
			}
			v, err := t.read(item)
			if err != nil || !yield(k, v) {
				return
			}
		}
		ahead("", true)
	}
}

// stored goes through the snapshot alone.
func (t *tx) stored(prefix, after string) iter.Seq2[string, *badger.Item] {
	return func(yield func(string, *badger.Item) bool) {
		if t.err != nil {
			return
		}
		opts := badger.DefaultIteratorOptions
		opts.Prefix = []byte(prefix)
		opts.PrefetchSize = 16
		it := t.base.NewIterator(opts)
		defer it.Close()
		for it.Seek([]byte(max(prefix, after))); it.ValidForPrefix(opts.Prefix); it.Next() {
			k := string(it.Item().Key())
			if k > after && !yield(k, it.Item()) {
				return
			}
		}
	}
}
