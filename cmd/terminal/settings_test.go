package main

import (
	"os/exec"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
)

// What central sets a terminal to holds at once and over power cuts: a reader
// that it takes off the list serves nobody until it is on it again, and the log
// says as much as it is to.
func TestReadersAndLogAreSetByCentral(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	door := w.walls[0]
	door.small()
	working := w.Hires(simcard.Working).Card
	set := func(changes ...string) {
		w.fleet(append([]string{"config", "set", "--terminal", door.id}, changes...)...)
	}

	p := door.start()
	p.sees("idle")
	set("readers=the hospital's own", "log=error")
	p.sees("reader-unapproved")
	door.insert(working)
	hospitaltest.Await(t, "what the terminal tells of it", func() bool {
		return strings.Contains(w.fleet("show", door.id), "may not be used")
	})
	if s := p.look(); s.ID != "reader-unapproved" {
		t.Errorf("a card in it is served: %+v", s)
	}
	door.pull()

	// The terminal keeps it by itself.
	w.Central.Kill()
	door.terminal.Kill()
	p = door.start()
	p.sees("reader-unapproved")
	w.StartCentral()

	// The reader is on the list again, and the log tells of mistakes alone.
	set("readers=acme, " + strings.ToUpper(door.reader()))
	p.sees("idle")
	const slot = "msg=slot" // of level debug, for each card
	before := strings.Count(door.terminal.Log.String(), slot)
	door.insert(working)
	p.takes("egister")
	p.sees("register.start")
	p.leaves(door)
	if after := strings.Count(door.terminal.Log.String(), slot); after != before {
		t.Errorf("%d more lines of a level that it was told not to log:\n%s", after-before, door.terminal.Log)
	}
	set("log=debug")
	w.set(door)

	door.terminal.Kill()
	p = door.start()
	p.sees("idle")
	door.insert(working)
	p.takes("egister")
	p.sees("register.start")
	if !strings.Contains(door.terminal.Log.String(), slot) {
		t.Error("it logs less than it was told to")
	}
}

// fleet runs a command of the administrator's.
func (w *world) fleet(args ...string) string {
	w.t.Helper()
	return w.Run("fleet", append([]string{"--as", w.Badge(), "--timeout", "60s"}, args...)...)
}

// set waits until a terminal is set as it should be.
func (w *world) set(a *wall) {
	w.t.Helper()
	hospitaltest.Await(w.t, "the settings of "+a.id, func() bool {
		return exec.Command(hospitaltest.Program(w.t, "fleet"), "--as", w.Badge(), "--timeout", "60s", "config", "diff", "--terminal", a.id).Run() == nil
	})
}
