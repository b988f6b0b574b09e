package serial_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
)

const (
	fullScreen = "-- more: Space, Enter or q --"
	kept       = 60 // lines of the log
)

// reader sits at a terminal with a long log, each line of it so wide.
func reader(t *testing.T, rows, width int, idle time.Duration) *desk {
	t.Helper()
	log := new(serial.Log)
	for n := range kept {
		fmt.Fprintf(log, "%-*s\n", width, fmt.Sprintf("line %d.", n+1))
	}
	d := sitBefore(t, rows, serial.Config{Terminal: newStand(), Log: log, Idle: idle})
	d.Waits("> ")
	return d
}

// has says whether a line of the log was printed, and the next was not.
func (d *desk) has(t *testing.T, last int) {
	t.Helper()
	for n, want := range map[int]bool{last: true, last + 1: false} {
		if got := strings.Contains(d.text(), fmt.Sprintf("line %d.", n)); got != want {
			t.Errorf("line %d is printed: %t", n, got)
		}
	}
}

// A full screen waits: Enter is a line, Space a screen, and q the end of it.
func TestAFullScreenWaitsForItsReader(t *testing.T) {
	d := reader(t, serialtest.Usual, 10, patience)
	at := d.Row()
	d.Types("log 60\r")
	for _, step := range []struct {
		key  string
		last int
	}{{"", 23}, {"\r", 24}, {" ", 47}} {
		d.Types(step.key)
		d.WaitsBelow(at+step.last, fullScreen)
		d.has(t, step.last)
	}
	d.Types("q")
	d.Waits("> ")
	d.has(t, 47)
	d.Says("show version", "> ")
	if strings.Contains(d.text(), "more") {
		t.Error("that there was more still stands on the screen")
	}
	goldenText(t, "more", afterBanner(d.text()))
	d.leaves()
}

// What is no longer than the screen does not wait, and a line may be wider.
func TestRowsAreCountedAsTheScreenDoes(t *testing.T) {
	d := reader(t, serialtest.Usual, 10, patience)
	d.Says("log 23", "> ")
	d.leaves()
	d = reader(t, serialtest.Usual, 81, patience)
	d.Types("log 60\r")
	d.Waits(fullScreen)
	d.has(t, 11) // of 2 rows each
	d.Types("q")
	d.Waits("> ")
	d.leaves()
}

// Nothing waits where nobody reads: behind a pipe, for who has typed on, and in
// what goes on until a key is pressed.
func TestNothingWaitsWhereNobodyReads(t *testing.T) {
	d := reader(t, serialtest.Silent, 10, patience)
	d.Says("log 60", "> ")
	d.has(t, kept)
	d.leaves()
	d = reader(t, serialtest.Usual, 10, patience)
	at := d.Row()
	d.Types("log 60\rshow version\r")
	d.WaitsBelow(at+kept+1, "> ")
	d.Sees("the second command", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "build ") && p.Waits("> ") })
	d.has(t, kept)
	d.leaves()
}

// Another key at a full screen begins the next command, and Control C ends this
// one.
func TestWhoHasSeenEnoughTypesOn(t *testing.T) {
	d := reader(t, serialtest.Usual, 10, patience)
	d.Types("log 60\r")
	d.Waits(fullScreen)
	d.Says("show version", "> ")
	d.has(t, 23)
	if !strings.Contains(d.text(), "> show version\nbuild ") {
		t.Error("the next command has lost its beginning")
	}
	d.Types("log 60\r")
	d.Waits(fullScreen)
	d.Types("\x03")
	d.Waits("> ")
	d.has(t, 23)
	d.leaves()
}

// Who does not come back to a full screen has left.
func TestNobodyAtAFullScreenEndsTheSession(t *testing.T) {
	d := reader(t, serialtest.Usual, 10, 2*time.Second)
	d.Types("log 60\r")
	d.over()
	if strings.Contains(d.text(), "line 24.") {
		t.Error("what nobody has asked for was printed")
	}
}
