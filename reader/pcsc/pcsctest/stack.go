// Package pcsctest runs a private PC/SC service for the length of a test: see
// package pcscd.
package pcsctest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"unlockpoint/reader/pcsc/pcscd"
)

// Stack is a service with two virtual readers that ends with its test.
type Stack struct{ *pcscd.Service }

// Start runs a stack until the test ends. Without pcscd and vpcd the test
// fails.
func Start(t testing.TB) *Stack {
	t.Helper()
	s, err := pcscd.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Down)
	return &Stack{s}
}

// Join makes the test process itself a client of this stack, until the test
// ends. A process has one environment, so that tests which join may not run in
// parallel. libpcsclite reads its environment once: the name it gets is the
// process's own and leads on to the stack of the day.
func (s *Stack) Join(t testing.TB) {
	t.Helper()
	name := filepath.Join(os.TempDir(), fmt.Sprintf("pcsctest-%d.comm", os.Getpid()))
	t.Setenv("PCSCLITE_CSOCK_NAME", name)
	os.Remove(name) // of a process that had our number
	if err := os.Symlink(s.Socket(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(name) })
}
