package hospitaltest

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/wire"
)

// OpenTLS sets up a hospital whose broker asks for certificates and has its
// lists kept by central, which is left running. It has no terminals: they
// enrol. host is what they call this machine, and policy is more lines for the
// [policy] table of central.toml.
func OpenTLS(t testing.TB, policy, host string) *Hospital {
	t.Helper()
	h := &Hospital{t: t, dir: t.TempDir()}
	h.startMail()
	h.issueAuthority()
	addr := brokertest.FreeAddr(t)
	there := func(addr string) string {
		_, port, _ := net.SplitHostPort(addr) // of an address that was just made
		return "mqtts://" + net.JoinHostPort(host, port)
	}
	h.Run("central", "init", h.Path("central"), "--realm", "trust.example", "--site", "ward7", "--sender", "unlockpoint@trust.nhs.uk", "--broker", "mqtts://"+addr)
	h.configure(fmt.Sprintf("access = \"certificates\"\nurl = %q\nterminals_url = %q\nenrol_url = %q\nfolder = %q\nrun_as = %q\nreload = [\"sh\", %q]",
		"mqtts://"+addr, there(addr), there(brokertest.FreeAddr(t)), h.Path("mosquitto"), brokertest.RunAs(), h.Path("reload")), policy)
	h.Desk("broker-config", h.Path("mosquitto"))
	h.Mosquitto = brokertest.Run(t, h.Path("mosquitto/mosquitto.conf"), addr)
	h.Write("reload", fmt.Sprintf("kill -HUP %d\n", h.Mosquitto.PID()))
	h.StartCentral()
	h.Desk("operators", "add", "admin", "--role", "admin", "-o", h.Badge())
	badge, err := wire.LoadBadge(h.Badge())
	if err != nil {
		t.Fatal(err)
	}
	badge.MQTT.URL = "mqtts://" + addr // the administrator is at this machine
	if err := badge.Save(h.Badge()); err != nil {
		t.Fatal(err)
	}
	return h
}

// Fleet runs a command of the program fleet, as the administrator.
func (h *Hospital) Fleet(args ...string) string {
	h.t.Helper()
	return h.Run("fleet", append([]string{"--as", h.Badge()}, args...)...)
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
