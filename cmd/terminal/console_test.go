package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/serial/serialtest"
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
	hospitaltest.Await(t, "the link", func() bool { return strings.Contains(door.console("show link"), "can be asked") })
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

// tty is a serial line with an engineer at one end; a terminal opens the other.
type tty struct {
	*serialtest.Desk
	t    testing.TB
	name string
}

// newTTY makes a line that stays until all that was started after it has ended.
func newTTY(t testing.TB) *tty {
	t.Helper()
	keys, other, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	x := &tty{serialtest.Sit(t, keys, hospitaltest.Patience), t, other.Name()}
	ended := make(chan struct{})
	go func() { defer close(ended); io.Copy(x, keys) }()
	t.Cleanup(func() {
		other.Close()
		keys.Close()
		<-ended
		if t.Failed() {
			t.Logf("the screen:\n%s", x.Text())
		}
	})
	return x
}

// wakes presses Enter until the console asks for something.
func (x *tty) wakes(prompt string) {
	x.t.Helper()
	hospitaltest.Await(x.t, prompt+" on the console", func() bool {
		x.Types("\r")
		return strings.HasSuffix(x.Text(), strings.TrimSpace(prompt)+"\n")
	})
}

// ends types the last line of a session, and waits for the words that end it.
func (x *tty) ends(line, words string) {
	x.t.Helper()
	x.Types(line + "\r")
	x.Sees(words, func(p *serialtest.Paper) bool { return strings.HasSuffix(p.String(), words+"\n") })
}

// An engineer at the serial line logs in with what central answers, and makes
// the terminal as it came.
func TestAnEngineerLogsInAtTheSerialLine(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	line := newTTY(t)
	door.sets("console", fmt.Sprintf("tty = %q\nnetwork = %q\nreboot = [\"touch\", %q]", line.name, w.Path("network"), w.Path("rebooted")))
	door.start().sees("idle")

	line.Says("", "Answer: ")
	_, rest, _ := strings.Cut(line.Text(), "challenge ")
	challenge, _, _ := strings.Cut(rest, ".")
	line.Says("00000-00000", "Answer: ")
	answer := strings.TrimSpace(w.Desk("console", "respond", door.id, challenge))
	line.Says(answer, "> ")
	if !strings.Contains(line.Text(), "No faults.") {
		t.Error("the banner does not say that there are no faults")
	}
	if out, err := exec.Command(hospitaltest.Program(t, "central"), "--config", w.Path("central/central.toml"),
		"console", "respond", door.id, "K7QM2-RVXX").CombinedOutput(); err == nil || !strings.Contains(string(out), "mistyped") {
		t.Errorf("a mistyped challenge: %s, %v", out, err)
	}
	if log := w.Desk("audit", "ls"); !strings.Contains(log, "console.opened") {
		t.Errorf("the audit log does not tell of it:\n%s", log)
	}

	line.Says("set address 10.1.2.3/24", "> ")
	line.Says("commit", "> ")
	if text, err := os.ReadFile(w.Path("network")); string(text) != "address 10.1.2.3/24\n" {
		t.Errorf("the network's file is %q, %v", text, err)
	}

	hospitaltest.Await(t, "the acts in the audit log", func() bool {
		log := w.Desk("audit", "ls")
		return strings.Contains(log, "console.in") && strings.Contains(log, "console.set")
	})

	line.Says("factory-reset", "to go on: ")
	line.ends("forget", "Goodbye.")
	<-door.terminal.Done
	hospitaltest.Start(t, w.pcsc.Command(hospitaltest.Program(t, "terminal"), "--config", door.config, "run"))
	line.wakes("> ")
	if !strings.Contains(line.Text(), "not enrolled") {
		t.Error("after the reset it is still somebody")
	}
	line.Says("test panel", "panel show? ")
	line.Says("none", "> ")
	if !strings.Contains(line.Text(), `"none" was read`) {
		t.Error("the panel is not tested")
	}
	hospitaltest.Await(t, "the reader at the console", func() bool {
		line.Says("test reader", "> ")
		return strings.Contains(line.Text(), "passed   reader")
	})
	if log := w.Desk("audit", "ls"); !strings.Contains(log, "console.reset") {
		t.Errorf("central was not told of the reset before:\n%s", log)
	}
	left, err := os.ReadDir(w.Path(door.id))
	if err != nil || len(left) > 0 {
		t.Errorf("the reset left %v, %v", left, err)
	}
	if !missing(w.Path("network")) || missing(w.Path("rebooted")) {
		t.Error("the reset left the machine its address")
	}
}

// What is set at the console works at once, and holds over a restart.
func TestAnEngineerSetsBrokerAndAddress(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	door.reads("mqtt://127.0.0.1:1", "Virtual PCD 00 00") // a wrong one to begin with
	door.sets("console", fmt.Sprintf("network = %q", w.Path("network")))
	door.start()
	if out := door.console("show faults"); !strings.Contains(out, "link.down") {
		t.Errorf("at a wrong broker:\n%s", out)
	}
	door.console("set broker "+w.Mosquitto.URL(), "set address 10.1.2.3/24", "commit confirmed 60")
	up := func() bool { return strings.Contains(door.console("show link"), "can be asked") }
	hospitaltest.Await(t, "the link", up)
	if text, err := os.ReadFile(w.Path("network")); string(text) != "address 10.1.2.3/24\n" {
		t.Errorf("the network's file is %q, %v", text, err)
	}
	if out := door.console("commit", "network"); !strings.Contains(out, "Confirmed.") || strings.Contains(out[strings.Index(out, "Confirmed."):], "on trial") {
		t.Errorf("the trial is not confirmed:\n%s", out)
	}
	door.terminal.Kill()
	door.start()
	hospitaltest.Await(t, "the link", up)
}
