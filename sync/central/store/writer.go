package store

import (
	"context"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"unlockpoint/sync/flash"
)

// Badger takes 15 % of the memtable in one commit: 314,572 bytes and 3,276
// keys with a memtable of 2 MiB. Half of that for one update and half for
// those before it in the batch always fits.
const (
	maxBytes = 150_000
	maxKeys  = 1_500
)

// job is one update that waits for the writer.
type job struct {
	ctx  context.Context
	fn   func(Tx) error
	done chan error // room for one
}

// Update hands fn to the writer and waits for the commit. A context that ends
// keeps fn from starting, not from ending.
func (s *DB) Update(ctx context.Context, fn func(Tx) error) error {
	j := job{ctx: ctx, fn: fn, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	case <-s.quit:
		return ErrClosed
	}
}

// write is the writer: it commits batches until the store closes.
func (s *DB) write() {
	defer close(s.done)
	for {
		select {
		case j := <-s.jobs:
			s.batch(j)
		case <-s.quit:
			return
		}
	}
}

// batch runs the first job and those that wait behind it, and commits them.
func (s *DB) batch(first job) {
	base := s.db.NewTransaction(false)
	defer base.Discard()
	over := &overlay{writes: make(map[string][]byte)}
	var good []job
	size := 0
	for j, more := first, true; more; {
		if err := run(j, base, over); err != nil {
			j.done <- err
		} else {
			good = append(good, j)
			size += over.size
		}
		more = size < maxBytes && len(over.writes) < maxKeys && s.next(&j)
	}
	err := s.commit(over)
	for _, j := range good {
		j.done <- err
	}
}

// next takes a job if one waits.
func (s *DB) next(j *job) bool {
	select {
	case *j = <-s.jobs:
		return true
	default:
		return false
	}
}

// run is one job in its batch: all of its writes or none.
func run(j job, base *badger.Txn, over *overlay) error {
	over.begin()
	t := &tx{base: base, over: over}
	err := j.ctx.Err()
	if err == nil {
		err = j.fn(t)
	}
	if err == nil {
		err = t.err
	}
	if err == nil && (over.size > maxBytes || len(over.undo) > maxKeys) {
		err = ErrTooLarge
	}
	if err != nil {
		over.drop()
	}
	return err
}

// commit makes the batch durable. On a disk without room it does nothing:
// ErrFull.
func (s *DB) commit(over *overlay) error {
	if len(over.writes) == 0 {
		return nil
	}
	if err := flash.Room(s.dir); err != nil {
		return err
	}
	txn := s.db.NewTransaction(true)
	defer txn.Discard()
	for k, v := range over.writes {
		if err := put(txn, k, v); err != nil {
			return fmt.Errorf("writing to the store: %w", err)
		}
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("writing to the store: %w", err)
	}
	return nil
}

func put(txn *badger.Txn, key string, value []byte) error {
	if value == nil {
		return txn.Delete([]byte(key))
	}
	return txn.Set([]byte(key), wrap(key, value))
}
