package main

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/flash/flashtest"
	"unlockpoint/sync/wire"
)

func TestAnEngineerEnrolsATerminal(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	file := h.Write("terminal.toml", fmt.Sprintf("identity = %q\ndata = %q\n", h.Path("identity.json"), h.Path("store")))
	_, command := h.Enrolment("--name", "ward7-door", "--display-name", "Ward 7, by the door")
	out := h.Run("terminal", append([]string{"--config", file, "enrol"}, command...)...)
	for _, want := range []string{"broker reached", "central answered", "identity saved", "ward7-door", "Ward 7, by the door"} {
		if !strings.Contains(out, want) {
			t.Errorf("not told: %q\n%s", want, out)
		}
	}
	if id, err := wire.LoadIdentity(h.Path("identity.json")); err != nil || id.ID != "ward7-door" || id.MQTT.Certificate == "" {
		t.Errorf("%v, %v", id, err)
	}
	if out := h.Desk("terminals", "ls"); !strings.Contains(out, "ward7-door") {
		t.Errorf("central does not list it:\n%s", out)
	}
	// The code is used up, and the terminal is somebody.
	again := append([]string{"--config", file, "enrol"}, command...)
	if out, err := exec.Command(hospitaltest.Program(t, "terminal"), again...).CombinedOutput(); err == nil || !strings.Contains(string(out), "has an identity already") {
		t.Errorf("enrolled twice: %v\n%s", err, out)
	}
	if out, err := says(t, "--config", file, "enrol", "ABCD", "--broker", "mqtts://127.0.0.1:1"); err == nil || !strings.Contains(out, "groups of 4") {
		t.Errorf("half a code: %v\n%s", err, out)
	}
}

// A terminal that is nobody yet waits at its serial line, and serves once it is
// enrolled there.
func TestAnEngineerEnrolsAtTheSerialLine(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	_, command := h.Enrolment("--name", "ward7-door")
	line := newTTY(t)
	file := h.Write("terminal.toml", fmt.Sprintf("identity = %q\ndata = %q\n[panel]\nlisten = %q\n[console]\ntty = %q\nnetwork = %q\n",
		h.Path("identity.json"), h.Path("data"), brokertest.FreeAddr(t), line.name, h.Path("network")))
	terminal := exec.Command(hospitaltest.Program(t, "terminal"), "--config", file, "run")
	terminal.Env = append(terminal.Environ(), "PCSCLITE_CSOCK_NAME="+h.Path("no-pcscd")) // pcscd(8)
	hospitaltest.Start(t, terminal)
	line.wakes("> ")
	line.Says("set address 10.1.2.3/24", "> ")
	line.Types("commit\r")
	line.Sees("that the address takes a restart", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "The address takes a restart") })
	line.ends("enrol "+strings.Join(command, " "), "to log in.")
	if !strings.Contains(line.Text(), "This is ward7-door") {
		t.Error("it is not told who it is")
	}
	line.wakes("Answer: ")
}

// A code lies ready that leads nowhere: the engineer has a console all the same,
// and a code of their own.
func TestACodeThatLeadsNowhereKeepsNobodyFromTheConsole(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	code, command := h.Enrolment("--name", "ward7-door")
	line := newTTY(t)
	ready := h.Write("enrol.txt", code+"\nmqtts://"+brokertest.FreeAddr(t)+"\n")
	file := h.Write("terminal.toml", fmt.Sprintf("identity = %q\ndata = %q\n[broker]\nenrol_file = %q\n[panel]\nlisten = %q\n[console]\ntty = %q\n",
		h.Path("identity.json"), h.Path("data"), ready, brokertest.FreeAddr(t), line.name))
	terminal := exec.Command(hospitaltest.Program(t, "terminal"), "--config", file, "run")
	terminal.Env = append(terminal.Environ(), "PCSCLITE_CSOCK_NAME="+h.Path("no-pcscd")) // pcscd(8)
	hospitaltest.Start(t, terminal)
	line.wakes("> ")
	line.ends("enrol "+strings.Join(command, " "), "to log in.")
	line.wakes("Answer: ")
	if !missing(ready) {
		t.Error("the code is there after it was used")
	}
}

// newly is a terminal that is nobody, with a code that lies ready.
func newly(h *hospitaltest.Hospital, text string) *newcomer {
	c := config{Identity: h.Path("identity.json"), Data: h.Path("data")}
	c.Broker.EnrolFile = h.Write("enrol.txt", text)
	return &newcomer{cfg: c, log: slog.New(slog.DiscardHandler), every: 50 * time.Millisecond}
}

// The code that lies ready is tried again: here it has a slip first.
func TestATerminalEnrolsWithTheCodeOnItsBootPartition(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	code, command := h.Enrolment()
	right := code + "\n" + command[len(command)-1] + "\n"
	n := newly(h, "X"+right)
	if err := n.tries(t.Context()); err == nil || !strings.Contains(err.Error(), "enrol.txt") || missing(n.cfg.Broker.EnrolFile) {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- n.joins(t.Context()) }()
	h.Write("enrol.txt", right)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	id, err := n.cfg.identity(n.log)
	if err != nil || id.Site != "ward7" || !strings.HasPrefix(id.ID, "terminal-") {
		t.Fatal(id, err)
	}
	if _, err := os.Stat(h.Path("data", "store", "MANIFEST")); err != nil {
		t.Errorf("the site's rules were not kept: %v", err)
	}
	if !missing(n.cfg.Broker.EnrolFile) {
		t.Error("the code is there after it was used")
	}

	// With other keys it is a thief's.
	h.Write("enrol.txt", right)
	for _, file := range []string{n.cfg.Identity, h.Path("data", "store")} {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.joins(t.Context()); err == nil || !strings.Contains(err.Error(), "another device") || !missing(n.cfg.Broker.EnrolFile) {
		t.Errorf("a code that was used: %v", err)
	}
}

// The power went when a terminal had joined, and its code was there still.
func TestACodeIsRemovedAlsoAfterAPowerCut(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	code, command := h.Enrolment()
	n := newly(h, code+"\n"+command[len(command)-1]+"\n")
	if err := n.tries(t.Context()); err != nil || missing(n.cfg.Broker.EnrolFile) {
		t.Fatal(err)
	}
	if _, err := n.cfg.identity(n.log); err != nil || !missing(n.cfg.Broker.EnrolFile) {
		t.Errorf("the code is there at the next start: %v", err)
	}
}

// An engineer's terminal joins, and then there is no room for its store.
func TestWhoHasJoinedIsToldSo(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	code, command := h.Enrolment("--name", "ward7-door")
	n := newly(h, "")
	n.cfg.Data = h.Write("full", "")
	for _, says := range []string{"is enrolled, but not all was kept", "This terminal is enrolled"} {
		if who, err := n.Enrol(t.Context(), code, command[len(command)-1]); err != nil || !strings.Contains(who, says) {
			t.Errorf("%q, %v", who, err)
		}
	}
	if id, err := n.cfg.identity(n.log); err != nil || id.ID != "ward7-door" {
		t.Error(id, err)
	}
}

// A code that cannot be removed is used once. To central, who comes with it
// again is a thief.
func TestACodeThatCannotBeRemovedIsUsedOnce(t *testing.T) {
	h := hospitaltest.OpenTLS(t, "", "127.0.0.1")
	code, command := h.Enrolment()
	disk := flashtest.Disk(t, "1m")
	c := config{Identity: h.Path("identity.json"), Data: h.Path("data")}
	c.Broker.EnrolFile = filepath.Join(disk, "enrol.txt")
	if err := os.WriteFile(c.Broker.EnrolFile, []byte(code+"\n"+command[len(command)-1]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	n := &newcomer{cfg: c, log: slog.New(slog.DiscardHandler)}
	if err := n.tries(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.identity(n.log); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, forgetMark), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.forget(); err != nil || !missing(c.Identity) {
		t.Fatalf("the identity is there: %v", err)
	}
	if missing(c.Broker.EnrolFile) || c.codeReady() || c.nobody() {
		t.Error("a code that was used lies ready")
	}
}

// From the code to the wall, and to the day when it is taken down.
func TestAnEnrolledTerminalServesUntilItIsRetired(t *testing.T) {
	w := &world{t: t, pcsc: pcsctest.Start(t), Hospital: hospitaltest.OpenTLS(t, "", "127.0.0.1")}
	door := w.wall(0)
	door.configure(w.Mosquitto.URL())
	_, typed := w.Enrolment("--name", door.id)
	w.Run("terminal", append([]string{"--config", door.config, "enrol"}, typed...)...)
	door.start().sees("idle")
	hospitaltest.Await(t, "central to see it", func() bool { return strings.Contains(w.Desk("terminals", "ls"), "online") })

	year := regexp.MustCompile(`certificate +until .*` + fmt.Sprint(time.Now().AddDate(1, 0, 0).UTC().Year()))
	for _, says := range []string{door.console("show link"), w.fleet("show", door.id)} {
		if !year.MatchString(says) {
			t.Errorf("nobody is told until when its certificate is good:\n%s", says)
		}
	}

	w.Desk("terminals", "retire", door.id)
	hospitaltest.Await(t, "its line to be cut", func() bool {
		return strings.Contains(door.terminal.Log.String(), "link to the broker is down")
	})
	if out := w.Desk("terminals", "ls"); !strings.Contains(out, "retired") {
		t.Error(out)
	}
	out := door.console("test mqtt", "show link")
	for _, told := range []string{"passed   connection", "FAILED   session", "cannot be reached: "} {
		if !strings.Contains(out, told) {
			t.Errorf("the console does not tell %q:\n%s", told, out)
		}
	}
}
