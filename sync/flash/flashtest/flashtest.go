// Package flashtest makes small disks for tests, and fills them.
package flashtest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"unlockpoint/sync/flash"
)

// Disk is the folder of a file system of so many bytes, until the test ends.
// Making one takes root: the test is skipped for anybody else.
func Disk(t testing.TB, size string) string {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("disk", dir, "tmpfs", 0, "size="+size)
	if errors.Is(err, unix.EPERM) {
		t.Skip("only root may make a small disk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Fill leaves so many bytes on a folder's disk. What it returns makes room
// again.
func Fill(t testing.TB, dir string, left uint64) (empty func()) {
	t.Helper()
	free, err := flash.Free(dir)
	if err != nil || free < left {
		t.Fatalf("%d bytes are free: %v", free, err)
	}
	rubbish := filepath.Join(dir, "rubbish")
	if err := os.WriteFile(rubbish, make([]byte, free-left), 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(rubbish); err != nil {
			t.Error(err)
		}
	}
}
