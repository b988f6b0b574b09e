//go:build qemu

package qemu

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"unlockpoint/sync/broker/brokertest"
)

// wall is the machine with the terminal running on it.
type wall struct {
	*machine
	t    *testing.T
	page string   // where page.json is
	seen []string // pages so far, for messages
}

// settings of the terminal in the guest; more tables may follow. QEMU's reader
// says that it has keys, and has none.
const settings = `
identity = "/etc/unlockpoint/identity.json"
data = "/var/lib/unlockpoint"
log = "debug"
[reader]
pin_pad = "off"
[broker]
url = "mqtt://` + guestBroker + `"
first_try_s = 0
longest_wait_s = 1
`

// hang boots a machine and starts the terminal on it.
func (w *world) hang(broker, more string) *wall {
	w.t.Helper()
	program, err := debianRoot(w.t).terminal(w.t.Context(), w.t.TempDir())
	if err != nil {
		w.t.Fatal(err)
	}
	var files bytes.Buffer
	a := newArchive(&files)
	a.file("etc/unlockpoint/terminal.toml", 0o600, []byte(settings+more))
	a.file("etc/unlockpoint/identity.json", 0o600, contents(w.t, w.path("identity.json")))
	a.file("usr/bin/terminal", 0o755, contents(w.t, program))
	if err := a.close(); err != nil {
		w.t.Fatal(err)
	}
	page := brokertest.FreeAddr(w.t)
	at := &wall{machine: power(w.t, files.Bytes(), openings{broker, page}), t: w.t, page: "http://" + page + "/page.json"}
	w.t.Cleanup(func() {
		if w.t.Failed() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			out, err := at.console.run(ctx, "cat /run/terminal.log /run/pcscd.log")
			w.t.Log(out, err)
		}
	})
	at.says(w.t, "(terminal run >/run/terminal.log 2>&1 &)")
	at.says(w.t, "until [ -S /var/lib/unlockpoint/terminal.sock ]; do sleep 0.1; done")
	at.says(w.t, "(socat TCP-LISTEN:8091,fork,reuseaddr UNIX-CONNECT:/var/lib/unlockpoint/terminal.sock &)")
	return at
}

func contents(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// screen is what a person reads off the panel, as the terminal's local socket
// tells it.
type screen struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Step    string   `json:"step"`
	Body    []string `json:"body"`
	Error   string   `json:"error"`
	Field   *field   `json:"field"`
	Choices []option `json:"choices"`
	Actions []option `json:"actions"`
}

type field struct {
	Kind   string `json:"kind"`
	Label  string `json:"label"`
	Count  int    `json:"count"`
	Max    int    `json:"max"`
	Masked bool   `json:"masked"`
}

type option struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// look reads the panel; an empty screen means that no terminal answers.
func (a *wall) look() screen {
	var s screen
	resp, err := http.Get(a.page)
	if err != nil {
		return s
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(body, &s) != nil {
		return screen{}
	}
	if n := len(a.seen); n == 0 || a.seen[n-1] != s.ID {
		a.seen = append(a.seen, s.ID)
	}
	return s
}

// sees waits for one of the pages.
func (a *wall) sees(ids ...string) screen {
	a.t.Helper()
	return a.awaits(strings.Join(ids, " or "), func(s screen) bool { return slices.Contains(ids, s.ID) })
}

func (a *wall) awaits(what string, is func(screen) bool) screen {
	a.t.Helper()
	var s screen
	defer func() {
		if a.t.Failed() {
			a.t.Logf("pages so far: %s; now: %+v", strings.Join(a.seen, " "), s)
		}
	}()
	until(a.t, what, func() bool { s = a.look(); return is(s) })
	return s
}

func TestTheTerminalFindsItsHardwareAndACardInTheUSBReader(t *testing.T) {
	w, broker := newWorld(t)
	at := w.hang(broker, "")
	h := w.hires()

	at.sees("idle")
	if err := at.mouth.insert(h.card); err != nil {
		t.Fatal(err)
	}
	at.sees("card.menu")
	at.tells(t, "terminal card", "Gemalto", h.card.Status().CardID, "passcode tries  3")
	at.tells(t, "terminal hardware", "Gemalto", "/dev/fb0", "QEMU Virtio Tablet", "QEMU Virtio Keyboard", "GPIO504", `driver = "framebuffer"`)
	if err := at.mouth.remove(); err != nil {
		t.Fatal(err)
	}
	at.sees("idle")
}

// tells runs a command in the guest whose output is to have all these words.
func (m *machine) tells(t *testing.T, command string, words ...string) {
	t.Helper()
	out := m.says(t, command)
	for _, w := range words {
		if !strings.Contains(out, w) {
			t.Errorf("%s does not tell %q:\n%s", command, w, out)
		}
	}
}
