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

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker/brokertest"
)

// wall is the machine with the terminal running on it.
type wall struct {
	*machine
	t    testing.TB
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

// unhurried is the hospital's policy: without KVM, on a busy machine, a minute
// without a key is nobody's absence.
const unhurried = "page_timeout_s = 3600"

const guestBroker = guestHost + ":1883"

// hang boots a machine that is to be the hospital's terminal.
func hang(t testing.TB, h *hospitaltest.Hospital, more string) *wall {
	t.Helper()
	program, err := debianRoot(t).terminal(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var files bytes.Buffer
	a := newArchive(&files)
	a.file("etc/unlockpoint/terminal.toml", 0o600, []byte(settings+more))
	a.file("etc/unlockpoint/identity.json", 0o600, contents(t, h.Identity(0)))
	a.file("usr/bin/terminal", 0o755, contents(t, program))
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	page := brokertest.FreeAddr(t)
	at := &wall{machine: power(t, files.Bytes(), openings{map[string]string{guestBroker: h.Mosquitto.Addr()}, page}), t: t, page: "http://" + page + "/page.json"}
	t.Cleanup(func() {
		if t.Failed() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			out, err := at.console.run(ctx, "cat /run/terminal.log /run/pcscd.log")
			t.Log(out, err)
		}
	})
	return at
}

// starts starts the terminal.
func (a *wall) starts() {
	a.t.Helper()
	a.says(a.t, "(terminal run >/run/terminal.log 2>&1 &)")
	a.says(a.t, "until [ -S /var/lib/unlockpoint/terminal.sock ]; do sleep 0.1; done")
	a.says(a.t, "(socat TCP-LISTEN:8091,fork,reuseaddr UNIX-CONNECT:/var/lib/unlockpoint/terminal.sock &)")
}

// lines is what the guest's kernel tells of its GPIO lines: number, name, who
// has it, direction and level.
func (a *wall) lines() string {
	a.t.Helper()
	return a.says(a.t, "cat /sys/kernel/debug/gpio")
}

func contents(t testing.TB, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// look reads the panel; an empty page means that no terminal answers.
func (a *wall) look() text.Page {
	var s text.Page
	resp, err := http.Get(a.page)
	if err != nil {
		return s
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(body, &s) != nil {
		return text.Page{}
	}
	if n := len(a.seen); n == 0 || a.seen[n-1] != s.ID {
		a.seen = append(a.seen, s.ID)
	}
	return s
}

// sees waits for one of the pages.
func (a *wall) sees(ids ...string) text.Page {
	a.t.Helper()
	return a.awaits(strings.Join(ids, " or "), func(s text.Page) bool { return slices.Contains(ids, s.ID) })
}

func (a *wall) awaits(what string, is func(text.Page) bool) text.Page {
	a.t.Helper()
	var s text.Page
	defer func() {
		if a.t.Failed() {
			a.t.Logf("pages so far: %s; now: %+v", strings.Join(a.seen, " "), s)
		}
	}()
	until(a.t, what, func() bool { s = a.look(); return is(s) })
	return s
}

func TestTheTerminalFindsItsHardwareAndACardInTheUSBReader(t *testing.T) {
	h := hospitaltest.Open(t, unhurried, 1)
	at := hang(t, h, "")
	at.starts()
	who := h.Hires(simcard.Working)

	at.sees("idle")
	if err := at.mouth.insert(who.Card); err != nil {
		t.Fatal(err)
	}
	at.sees("card.menu")
	at.tells(t, "terminal card", "Gemalto", who.Card.Status().CardID, "passcode tries  3")
	at.tells(t, "terminal hardware", "Gemalto", "/dev/fb0", "QEMU Virtio Tablet", "QEMU Virtio Keyboard", "GPIO504", `driver = "framebuffer"`)
	if err := at.mouth.remove(); err != nil {
		t.Fatal(err)
	}
	at.sees("idle")
}

// tells runs a command in the guest whose output is to have all these words.
func (m *machine) tells(t testing.TB, command string, words ...string) {
	t.Helper()
	out := m.says(t, command)
	for _, w := range words {
		if !strings.Contains(out, w) {
			t.Errorf("%s does not tell %q:\n%s", command, w, out)
		}
	}
}
