package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
)

// says runs the terminal program and returns all it said.
func says(t testing.TB, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(hospitaltest.Program(t, "terminal"), args...).CombinedOutput()
	return string(out), err
}

func TestTheProgramExplainsItself(t *testing.T) {
	out, err := says(t, "--help")
	for _, want := range []string{"run", "card", "page", "config", "central terminals add", "--config"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("the help lacks %q: %v\n%s", want, err, out)
		}
	}
}

func TestAWrongSettingEndsTheProgramWithWhatToWrite(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"dta = \"x\"", "there is no setting dta"},
		{"log = \"loud\"", "write debug"},
		{"[panel]\nlisten = \"0.0.0.0:8090\"", "only a loopback address"},
		{"[panel]\nwidth = 10", "width and height go from 240"},
		{"[broker]\nfirst_try_s = -1", "broker.first_try_s"},
		{"identity = \"nowhere.json\"", "central terminals add"},
	} {
		file := t.TempDir() + "/terminal.toml"
		if err := os.WriteFile(file, []byte(c.setting), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := says(t, "--config", file, "run")
		if err == nil || !strings.Contains(out, c.want) || !strings.Contains(out, file) {
			t.Errorf("%s: %v, want %q and the file's name:\n%s", c.setting, err, c.want, out)
		}
	}
	if out, err := says(t, "--config", "/nowhere/terminal.toml", "run"); err == nil || !strings.Contains(out, "/nowhere/terminal.toml") {
		t.Errorf("without a file: %v\n%s", err, out)
	}
}

func TestAnEngineerLooksAtTheRunningTerminal(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	p.sees("idle")
	if out := w.Run("terminal", "--config", door.config, "card"); !strings.Contains(out, "none: put one in") {
		t.Errorf("without a card:\n%s", out)
	}

	h := w.Hires(simcard.Working)
	door.insert(h.Card)
	p.takes("egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.send(map[string]string{"text": h.Passcode})
	var page string
	hospitaltest.Await(w.t, "the count of what was typed", func() bool {
		page = w.Run("terminal", "--config", door.config, "page")
		return strings.Contains(page, fmt.Sprint(len(h.Passcode), " of at most"))
	})
	if strings.Contains(page, h.Passcode) {
		t.Errorf("the page as text shows the passcode:\n%s", page)
	}

	var now card
	if err := json.Unmarshal([]byte(w.Run("terminal", "--config", door.config, "card", "--json")), &now); err != nil {
		t.Fatal(err)
	}
	if now.ID != h.Card.Status().CardID || now.Tries != 3 || !now.In || !now.Proves {
		t.Errorf("the card in the reader: %+v", now)
	}
	out := w.Run("terminal", "--config", door.config, "card")
	for _, told := range []string{"Virtual PCD", "passcode tries  3", "changed after every unlock", "ms  9000  SELECT", "VERIFY"} {
		if !strings.Contains(out, told) {
			t.Errorf("the card's particulars do not tell %q:\n%s", told, out)
		}
	}
	out += w.Run("terminal", "--config", door.config, "card", "--json")
	for _, secret := range []string{h.Passcode, h.PUK, h.Name, h.Email} {
		if strings.Contains(out, secret) {
			t.Errorf("the card's particulars hold %q", secret)
		}
	}
	p.leaves(door)
	w.leavesNoCore(t)
}

// leavesNoCore reads proc_pid_limits(5) of the running programs.
func (w *world) leavesNoCore(t testing.TB) {
	t.Helper()
	for name, p := range map[string]*hospitaltest.Process{"central": w.Central, "terminal": w.walls[0].terminal} {
		limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", p.Cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(limits)) {
			rest, core := strings.CutPrefix(line, "Max core file size")
			if core && strings.Join(strings.Fields(rest)[:2], " ") != "0 0" {
				t.Errorf("%s may write its memory to disk: %s", name, line)
			}
		}
	}
}
