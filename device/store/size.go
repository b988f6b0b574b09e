package store

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
)

// blockSize is the unit of Stat_t.Blocks (stat(2)), whatever the file system.
const blockSize = 512

// Size is how many bytes the store takes on the disk. Its files are mapped and
// mostly empty: what they say of their length is no measure.
func (s *Store) Size() (bytes int64, err error) {
	err = filepath.WalkDir(s.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil // it was removed meanwhile
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			bytes += stat.Blocks * blockSize
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	return bytes, nil
}
