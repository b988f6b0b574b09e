// Package flash opens Badger so that it fits a small board and loses nothing
// with the power, and tells a damaged folder from one that cannot be opened
// just now.
package flash

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"golang.org/x/sys/unix"
)

// What Open may find.
var (
	ErrInUse   = errors.New("another process has the store open")
	ErrDamaged = errors.New("the store is damaged")
	ErrFull    = errors.New("the disk is full")
)

// Least is how many bytes have to be free on a disk that is written to: those
// of Badger's next files, twice. It writes to maps of files that have no blocks
// yet; where a disk has none left for them, the kernel ends the program
// (SIGBUS, mmap(2)).
const Least = 16 << 20

// Free is how many bytes are left on a folder's disk.
func Free(dir string) (uint64, error) {
	var disk unix.Statfs_t // statfs(2)
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, fmt.Errorf("ask how full the disk is: %w", err)
	}
	return disk.Bavail * uint64(disk.Bsize), nil
}

// Room is ErrFull where a folder's disk may not be written to.
func Room(dir string) error {
	free, err := Free(dir)
	if err == nil && free < Least {
		err = fmt.Errorf("%w: %d KiB are left of the %d it takes", ErrFull, free>>10, Least>>10)
	}
	return err
}

// Options are those of DESIGN section 10: small tables, and every commit on
// the disk before it counts. Badger's own map a 2 GiB value log, take 150 MB,
// and do not wait for the disk.
func Options(dir string) badger.Options {
	return badger.DefaultOptions(dir).
		WithLogger(nil).
		WithMetricsEnabled(false).
		WithSyncWrites(true).
		WithMemTableSize(2 << 20).
		WithNumMemtables(2).
		WithValueLogFileSize(8 << 20).
		WithValueThreshold(64 << 10).
		WithBlockCacheSize(1 << 20). // 0 panics once encryption is on
		WithCompression(options.None)
}

// Open opens the folder, or makes it. The error is ErrInUse, ErrDamaged or
// ErrFull, or what the disk says.
func Open(o badger.Options) (db *badger.DB, err error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	if err := Room(o.Dir); err != nil {
		return nil, err
	}
	defer func() { // Badger panics about files that it cannot make sense of
		if p := recover(); p != nil {
			db, err = nil, fmt.Errorf("%w: badger: %v", ErrDamaged, p)
		}
	}()
	if db, err = badger.Open(o); err != nil {
		return nil, classify(err)
	}
	return db, nil
}

// classify goes by the words: Badger does not wrap the cause (y/error.go).
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
