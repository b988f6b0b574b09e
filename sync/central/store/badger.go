package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// DB is the embedded store, a folder of Badger's. One goroutine makes all its
// changes: it runs the updates that wait, one after the other, and commits
// them together with a single fsync. So updates never conflict, and many
// writers cost little more than one.
type DB struct {
	db   *badger.DB
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
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the store's folder: %w", err)
	}
	db, err := badger.Open(tuned(dir))
	if err != nil {
		return nil, fmt.Errorf("opening the store in %s: %w", dir, classify(err))
	}
	s := &DB{db: db, jobs: make(chan job), quit: make(chan struct{}), done: make(chan struct{})}
	go s.write()
	return s, nil
}

// tuned is DESIGN section 10: small tables, every commit on disk before it
// counts. Conflicts are not looked for because there is one writer.
func tuned(dir string) badger.Options {
	return badger.DefaultOptions(dir).
		WithLogger(nil).
		WithSyncWrites(true).
		WithMemTableSize(2 << 20).
		WithNumMemtables(2).
		WithValueLogFileSize(8 << 20).
		WithValueThreshold(64 << 10).
		WithBlockCacheSize(1 << 20).
		WithCompression(options.None).
		WithChecksumVerificationMode(options.OnTableRead).
		WithDetectConflicts(false).
		WithNumCompactors(2).
		WithMetricsEnabled(false)
}

// classify tells damage from a folder that cannot be opened for other reasons.
// Badger does not wrap the cause (y/error.go), so only its words tell.
func classify(err error) error {
	if says(err, syscall.EWOULDBLOCK) { // of flock(2) on the folder
		return ErrInUse
	}
	for _, passing := range []syscall.Errno{
		syscall.EACCES, syscall.EPERM, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EIO,
	} {
		if says(err, passing) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

func says(err error, code syscall.Errno) bool {
	return errors.Is(err, code) || strings.Contains(err.Error(), code.Error())
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
