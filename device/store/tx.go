package store

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"

	"unlockpoint/sync/flash"
)

// The keys. Prefixes end in a slash.
const (
	keyInc       = "inc"
	keyTail      = "tail"
	keyHead      = "head"
	keyEpoch     = "epoch"
	keyRules     = "rules"
	keySession   = "session"
	keyFloor     = "floor"
	keyProbe     = "probe" // what Probe wrote last
	underCard    = "card/"
	underCommand = "command/"
	underFact    = "fact/"
	underLike    = "like/"
	underMark    = "mark/"
	underPlay    = "unlock/"
)

// numbered is a key whose order is the order of its number.
func numbered(prefix string, n uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte(prefix), n))
}

// tx is one Badger transaction in the store's words.
type tx struct{ *badger.Txn }

// get reads the value of key into v; errNone if there is none.
func (t tx) get(key string, v any) error {
	item, err := t.Get([]byte(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return errNone
	}
	if err != nil {
		return err
	}
	return item.Value(func(value []byte) error { return decode([]byte(key), value, v) })
}

// find is get for what need not be there: v stays as it is then.
func (t tx) find(key string, v any) error {
	if err := t.get(key, v); !errors.Is(err, errNone) {
		return err
	}
	return nil
}

func (t tx) put(key string, v any) error {
	value, err := encode([]byte(key), v)
	if err != nil {
		return err
	}
	return t.Set([]byte(key), value)
}

func (t tx) drop(key string) error { return t.Delete([]byte(key)) }

// each calls f with every key under prefix, from the key start on, and its
// value, until f says that it has enough.
func (t tx) each(prefix, start string, f func(key string, value []byte) (more bool, err error)) error {
	it := t.NewIterator(badger.IteratorOptions{PrefetchValues: false, Prefix: []byte(prefix)})
	defer it.Close()
	for it.Seek([]byte(start)); it.Valid(); it.Next() {
		key := it.Item().KeyCopy(nil)
		value, err := it.Item().ValueCopy(nil)
		if err != nil {
			return err
		}
		if more, err := f(string(key), value); err != nil || !more {
			return err
		}
	}
	return nil
}

func (s *Store) view(f func(tx) error) error {
	return s.noted(s.db.View(func(t *badger.Txn) error { return f(tx{t}) }))
}

// update runs f in a transaction that is on disk, whole, when update returns
// without an error, and not at all otherwise. On a disk without room it does
// nothing: ErrFull.
func (s *Store) update(point string, f func(tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := flash.Room(s.dir); err != nil {
		return err
	}
	s.compact()
	s.mayCut("before " + point)
	err := s.db.Update(func(t *badger.Txn) error { return f(tx{t}) })
	s.mayCut("after " + point)
	return s.noted(err)
}

func (s *Store) mayCut(point string) {
	if s.cut != nil {
		s.cut(point)
	}
}

// noted leaves a mark when err tells of damage, for the next Open.
func (s *Store) noted(err error) error {
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	mark := os.WriteFile(filepath.Join(s.dir, damageMark), []byte(err.Error()+"\n"), 0o600)
	return errors.Join(err, mark)
}
