// Package store keeps what central knows, in transactions.
//
// Its words: a [Store] is a database of keys and values; a [Tx] is one
// consistent look at it, which may change it; a [Table] is the part of it
// that holds one kind of row. Keys are text, sorted by bytes. A value carries
// a checksum and the number of the schema it was written under, so a value
// that rotted, moved or comes from a newer program is noticed, not believed.
//
// [Open] gives the embedded store, on Badger. The package knows nothing of
// what the rows mean, and seals nothing: see package keyring.
package store

import (
	"context"
	"errors"
	"iter"

	"unlockpoint/sync/flash"
)

// Store holds keys and values. Its methods may be called by many goroutines.
type Store interface {
	// View runs fn on a snapshot. Writes in it fail.
	View(ctx context.Context, fn func(Tx) error) error

	// Update runs fn and makes its writes durable, all or none, before it
	// returns nil. When fn returns an error nothing of it is kept. A store
	// may run fn more than once: it has no effects beyond tx and variables
	// of its own that it sets anew each time.
	Update(ctx context.Context, fn func(Tx) error) error

	Close() error
}

// Tx is one transaction. It is of no use after its function returned, and
// belongs to one goroutine. Once a read found damage, every further call and
// the transaction itself return that error.
type Tx interface {
	// Get returns the value, the caller's own copy, or ErrNotFound.
	Get(key string) ([]byte, error)
	Put(key string, value []byte) error
	Delete(key string) error // no error when there is none

	// Scan goes through the keys that begin with prefix and sort behind
	// after ("" for all), in order, at most limit of them (0: no limit), as
	// they stood when the scan began. Damage ends the scan and the
	// transaction.
	Scan(prefix, after string, limit int) iter.Seq2[string, []byte]

	// Full says that half of what a transaction may write is written: who
	// goes through many rows leaves the rest of them to another one.
	Full() bool
}

// What can go wrong, beyond the disk.
var (
	ErrNotFound = errors.New("not in the store")
	ErrReadOnly = errors.New("a view may not write")
	ErrClosed   = errors.New("the store is closed")
	ErrTooLarge = errors.New("too many writes for one transaction")
	ErrDamaged  = flash.ErrDamaged
	ErrInUse    = flash.ErrInUse
	ErrFull     = flash.ErrFull // written again once there is room
	ErrNewer    = errors.New("the store was written by a newer program")
)
