package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// Table is the part of a store that holds rows of one kind, as JSON. Its name
// is unique in the store and has no slash.
type Table[T any] struct{ Name string }

// Get returns the row, or ErrNotFound.
func (t Table[T]) Get(tx Tx, key string) (T, error) {
	var row T
	raw, err := tx.Get(t.path(key))
	if err != nil {
		return row, err
	}
	return t.decode(key, raw)
}

// Find is Get for a row that may be missing.
func (t Table[T]) Find(tx Tx, key string) (row T, ok bool, err error) {
	row, err = t.Get(tx, key)
	if errors.Is(err, ErrNotFound) {
		return row, false, nil
	}
	return row, err == nil, err
}

// Put writes the row.
func (t Table[T]) Put(tx Tx, key string, row T) error {
	raw, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("writing a row of %s: %w", t.Name, err)
	}
	return tx.Put(t.path(key), raw)
}

// Delete removes the row if it is there.
func (t Table[T]) Delete(tx Tx, key string) error { return tx.Delete(t.path(key)) }

// Each goes through the rows whose keys begin with prefix, in order.
func (t Table[T]) Each(tx Tx, prefix string) iter.Seq2[Row[T], error] {
	return t.After(tx, prefix, "", 0)
}

// Row is a row with its key.
type Row[T any] struct {
	Key   string
	Value T
}

// After goes through at most limit (0: all) rows whose keys begin with prefix
// and sort behind after.
func (t Table[T]) After(tx Tx, prefix, after string, limit int) iter.Seq2[Row[T], error] {
	if after != "" {
		after = t.path(after)
	}
	return func(yield func(Row[T], error) bool) {
		for path, raw := range tx.Scan(t.path(prefix), after, limit) {
			key := path[len(t.Name)+1:]
			row, err := t.decode(key, raw)
			if !yield(Row[T]{key, row}, err) || err != nil {
				return
			}
		}
	}
}

func (t Table[T]) path(key string) string { return t.Name + "/" + key }

func (t Table[T]) decode(key string, raw []byte) (row T, err error) {
	if err = json.Unmarshal(raw, &row); err != nil {
		return row, fmt.Errorf("%w: row %q of %s: %w", ErrDamaged, key, t.Name, err)
	}
	return row, nil
}
