package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The command goes through both journeys, with a reader in the process and
// with one of the PC/SC service.
func TestJourney(t *testing.T) {
	for _, args := range [][]string{{"journey"}, {"journey", "--pcsc"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			if err := Run(ctx, args); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A folder that is not the demo's is never emptied.
func TestFreshLeavesOtherFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), []string{"run", "--data", dir, "--fresh", "--port", "0"}); err == nil || !strings.Contains(err.Error(), "left alone") {
		t.Errorf("fresh in another folder: %v", err)
	}
	if _, err := os.Stat(letter); err != nil {
		t.Error(err)
	}
}

// The demo's own folder is emptied and made again.
func TestFreshEmptiesItsOwnFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, fresh := range []bool{false, true} {
		data, err := dataFolder(dir, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(data, "old")); err == nil {
			t.Error("what was there before is still there")
		}
		if err := os.WriteFile(filepath.Join(data, "old"), nil, fs.FileMode(0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// Wrong arguments are named, with what to do.
func TestWrongArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"run", "--port", "x"}, "--port"},
		{[]string{"run", "--colour", "red"}, "--colour"},
		{[]string{"run", "--data", t.TempDir(), "--seed", "nowhere.csv"}, "nowhere.csv"},
	} {
		if err := Run(t.Context(), c.args); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.args, err, c.says)
		}
	}
}
