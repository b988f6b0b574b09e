package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"unlockpoint/sync/flash"
)

// DB is the embedded store, a folder of Badger's. One goroutine makes all its
// changes: it runs the updates that wait, one after the other, and commits
// them together with a single fsync. So updates never conflict, and many
// writers cost little more than one.
type DB struct {
	db   *badger.DB
	dir  string
	jobs chan job
	quit chan struct{}
	done chan struct{}
	once sync.Once
}

var _ Store = (*DB)(nil)

// Open opens the store in dir, or makes it. Damage is ErrDamaged; the folder
// is left as it is, since central without what is in it would forget lockouts
// and registrations: a backup has to take its place.
func Open(dir string) (*DB, error) {
	db, err := flash.Open(flash.Options(dir).
		WithChecksumVerificationMode(options.OnTableRead).
		WithDetectConflicts(false). // there is one writer
		WithNumCompactors(2))
	if err != nil {
		return nil, fmt.Errorf("opening the store in %s: %w", dir, err)
	}
	s := &DB{db: db, dir: dir, jobs: make(chan job), quit: make(chan struct{}), done: make(chan struct{})}
	go s.write()
	return s, nil
}

// View runs fn on a snapshot of its own.
func (s *DB) View(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.db.IsClosed() {
		return ErrClosed
	}
	base := s.db.NewTransaction(false)
	defer base.Discard()
	t := &tx{base: base}
	if err := fn(t); err != nil {
		return err
	}
	return t.err
}

// Close ends the writer, after the updates under way, and closes the folder.
// Closing again does nothing.
func (s *DB) Close() (err error) {
	s.once.Do(func() {
		close(s.quit)
		<-s.done
		if err = s.db.Close(); err != nil {
			err = fmt.Errorf("closing the store: %w", err)
		}
	})
	return err
}
