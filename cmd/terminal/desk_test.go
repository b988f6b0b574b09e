package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
)

// A command that leaves a client of DHCP behind has ended all the same, and one
// that hangs is given up: the console waits for both.
func TestTheConsoleWaitsForNoCommandForEver(t *testing.T) {
	for line, fails := range map[string]bool{"sleep 3600 & echo $! > %s": false, "sleep 3600 & echo $! > %s; wait": true} {
		pid := t.TempDir() + "/pid"
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- execute(ctx, []string{"sh", "-c", fmt.Sprintf(line, pid)}) }()
		left := 0
		hospitaltest.Await(t, "what is left behind", func() bool {
			text, _ := os.ReadFile(pid)
			left, _ = strconv.Atoi(strings.TrimSpace(string(text)))
			return left > 0
		})
		if fails {
			stop()
		}
		select {
		case err := <-done:
			if (err != nil) != fails {
				t.Errorf("%s: %v", line, err)
			}
		case <-time.After(hospitaltest.Patience):
			t.Errorf("%s: it is waited for", line)
		}
		if err := syscall.Kill(left, syscall.SIGKILL); err != nil {
			t.Errorf("what was left behind: %v", err)
		}
		stop()
	}
}

// A reset leaves none of the terminal's keys, of files that the power cut either.
func TestAResetLeavesNoKeys(t *testing.T) {
	dir := t.TempDir()
	c := config{Identity: filepath.Join(dir, "identity.json"), Data: filepath.Join(dir, "data")}
	if err := os.Mkdir(c.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"identity.json", "identity.json.new-123", "identity.json.keys", "identity.json.keys.new-45", "data/" + forgetMark, "terminal.toml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.forget(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if want := []string{c.Data, filepath.Join(dir, "terminal.toml")}; !slices.Equal(left, want) || err != nil {
		t.Errorf("left are %v, %v", left, err)
	}
}
