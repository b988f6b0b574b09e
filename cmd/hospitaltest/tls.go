package hospitaltest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"unlockpoint/sync/broker/brokertest"
)

// OpenTLS sets up a hospital whose broker asks for certificates, and leaves
// central running. It has no terminals: they enrol.
func OpenTLS(t testing.TB) *Hospital {
	t.Helper()
	h := &Hospital{t: t, dir: t.TempDir()}
	addr, enrol := brokertest.FreeAddr(t), brokertest.FreeAddr(t)
	h.Run("central", "init", h.Path("central"), "--realm", "trust.example", "--site", "ward7", "--sender", "unlockpoint@trust.nhs.uk", "--broker", "mqtts://"+addr)
	h.set("central/central.toml", `enrol_url = ""`, fmt.Sprintf("enrol_url = %q", "mqtts://"+enrol))
	h.set("central/central.toml", `web = "127.0.0.1:8080"`, `web = ""`)
	h.Desk("broker-config", h.Path("mosquitto"), "--run-as", brokertest.RunAs())
	h.Mosquitto = brokertest.Run(t, h.Path("mosquitto/mosquitto.conf"), addr)
	h.StartCentral()
	return h
}

// set changes a text in a file.
func (h *Hospital) set(name, from, to string) {
	h.t.Helper()
	text, err := os.ReadFile(h.Path(name))
	if err != nil || !strings.Contains(string(text), from) {
		h.t.Fatalf("%q is not in %s (%v)", from, name, err)
	}
	h.Write(name, strings.Replace(string(text), from, to, 1))
}

// Enrolment has central give a code for a terminal of ward7, and returns it
// with what is to be typed behind "terminal enrol".
func (h *Hospital) Enrolment(args ...string) (code string, typed []string) {
	h.t.Helper()
	out := h.Desk(append([]string{"enrol", "--site", "ward7"}, args...)...)
	_, command, found := strings.Cut(out, "terminal enrol")
	if !found {
		h.t.Fatalf("central shows no command to type:\n%s", out)
	}
	code, _, _ = strings.Cut(out, "\n")
	return code, strings.Fields(command)
}
