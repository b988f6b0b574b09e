package main

import (
	"os/exec"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
)

// console is one session of "terminal console", with lines that are typed
// ahead, and all that it said.
func (a *wall) console(lines ...string) string {
	a.w.t.Helper()
	cmd := exec.Command(hospitaltest.Program(a.w.t, "terminal"), "--config", a.config, "console")
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		a.w.t.Fatalf("terminal console: %v\n%s", err, out)
	}
	return string(out)
}

func TestAnEngineerTestsTheRunningTerminal(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	p.sees("idle")
	out := door.console("show status", "test reader", "test store", "test clock", "test mqtt", "test central", "test card", "show config", "exit", "show page")
	for _, told := range []string{"No faults.", "can be asked", "passed   reader", "passed   store", "passed   clock",
		"passed   session", "passed   central", "skipped  card", "first_try_s = 0"} {
		if !strings.Contains(out, told) {
			t.Errorf("the console does not tell %q:\n%s", told, out)
		}
	}
	if strings.Contains(out, "show page") {
		t.Errorf("the console went on after the exit:\n%s", out)
	}
	h := w.Hires(simcard.Working)
	door.insert(h.Card)
	p.takes("egister")
	if out := door.console("test card", "show page"); !strings.Contains(out, "passed   card") || !strings.Contains(out, "register.start (a card is in") {
		t.Errorf("with a card in:\n%s", out)
	}
	w.Central.Kill()
	p.leaves(door)
	hospitaltest.Await(t, "the fault", func() bool { return strings.Contains(door.console("faults"), "link.down") })
}
