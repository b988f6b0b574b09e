package main

import (
	"context"
	"fmt"
	"os"
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
