// Package store is what a terminal keeps over a power cut: the replica of its
// site's registry, the rules of its site, the outbox of facts for central,
// the journal of the unlocks under way, and how people like their pages.
//
// Its words: the incarnation is the number that a store gets when it is made;
// a fact is something that central must hear of exactly once; the outbox is
// the chain of them; the journal holds an [Unlock] from before the card is
// touched until the fact of its end is written.
//
// Nothing in it is worth stealing: it knows cards by their keyed hash, and
// never holds an answer, an address, a code, a passcode or a PUK. It decides
// nothing: what a terminal does with what it finds is for packages uplink and
// appliance.
package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"

	"unlockpoint/sync/flash"
	"unlockpoint/sync/wire"
)

// ErrInUse says that another process has the store open.
var ErrInUse = flash.ErrInUse

// ErrDamaged says that something stored cannot be read back. The store is
// set aside when it is opened the next time.
var ErrDamaged = flash.ErrDamaged

// ErrFull says that the disk has no room: nothing was written.
var ErrFull = flash.ErrFull

// ErrNotHash says that a card was named by something else than its keyed
// hash; see wire.CardHash.
var ErrNotHash = errors.New("cards are stored by their keyed hash only")

// Store is safe for use by many goroutines.
type Store struct {
	db    *badger.DB
	dir   string
	inc   string
	aside string
	added chan struct{}

	writing  sync.Mutex // one writer at a time: the outbox is a chain
	cached   sync.Mutex // guards settings
	settings wire.Settings

	// cut, in tests, is called at every point where the power may go.
	cut func(point string)

	// untold is set when the end of an unlock could not be written.
	untold atomic.Bool
}

// Inc is the store's incarnation: 128 random bits in hex, drawn when it was
// made.
func (s *Store) Inc() string { return s.inc }

// SetAside is the folder of the damaged store that this one replaced when it
// was opened, or empty. Worth a report: facts may have been lost with it.
func (s *Store) SetAside() string { return s.aside }

// Close lets go of the store. Nothing may be called after it.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// checkHash refuses a card id in the clear: 64 hex digits or nothing.
func checkHash(card string) error {
	if len(card) != 64 {
		return ErrNotHash
	}
	for _, c := range []byte(card) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ErrNotHash
		}
	}
	return nil
}
