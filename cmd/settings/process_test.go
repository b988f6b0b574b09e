package settings_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"unlockpoint/cmd/settings"
)

func TestNoCoreDumps(t *testing.T) {
	if err := settings.NoCoreDumps(); err != nil {
		t.Fatal(err)
	}
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &now); err != nil || now != (unix.Rlimit{}) {
		t.Errorf("%+v, %v: none may be written, and no limit raised again", now, err)
	}
}
