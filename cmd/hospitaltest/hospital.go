// Package hospitaltest sets up a hospital in a folder, for tests of whole
// programs: central and Mosquitto as processes, a mail server, an authority
// that issues cards, and terminals that central knows of. What they run on is
// the test's own: the terminal program over pcscd, or a machine in QEMU.
//
// All is done by the commands that an administrator would use.
package hospitaltest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/wire"
)

// Hospital is one with a single site, ward7. It ends with its test.
type Hospital struct {
	Central   *Process
	Mosquitto *brokertest.Server
	Accounts  []broker.Account // that Mosquitto knows: central's, the terminals' in order, the operators'
	Mail      *catcher.Server
	Authority *simcard.Authority

	t       testing.TB
	dir     string
	holders int
}

// Open sets up a hospital with so many terminals, and leaves central running.
// policy is more lines for the [policy] table of central.toml.
func Open(t testing.TB, policy string, terminals int) *Hospital {
	t.Helper()
	h := &Hospital{t: t, dir: t.TempDir()}
	h.startMail()
	h.issueAuthority()
	h.Run("central", "init", h.Path("central"), "--realm", "trust.example", "--site", "ward7", "--sender", "unlockpoint@trust.nhs.uk")
	h.configure(`url = "mqtt://127.0.0.1:1"`, policy) // no broker yet: it is to know the terminals first
	h.StartCentral()
	for n := range terminals {
		h.Desk("terminals", "add", Terminal(n), "--site", "ward7", "--display-name", fmt.Sprintf("Ward 7, door %d", n+1), "-o", h.Identity(n))
	}
	h.Desk("operators", "add", "admin", "--role", "admin", "-o", h.Badge())
	h.Desk("operators", "add", "jo", "--role", "booth", "--site", "ward7", "-o", h.Path("jo.json"))
	h.Desk("operators", "add", "vi", "--role", "viewer", "-o", h.Path("vi.json"))
	h.Central.Kill()
	h.startBroker(terminals)
	h.configure(fmt.Sprintf("url = %q", h.Mosquitto.URL()), policy)
	h.StartCentral()
	return h
}

// Terminal is the name of a terminal, counted from 0.
func Terminal(n int) string { return fmt.Sprintf("ward7-%d", n+1) }

// Identity is the file that central wrote for a terminal, counted from 0.
func (h *Hospital) Identity(n int) string { return h.Path(Terminal(n) + ".json") }

// Badge is the file that says who the administrator is, for the program fleet.
// Beside it lie those of jo, at the IT booth of ward7, and vi, who only looks.
func (h *Hospital) Badge() string { return h.Path("admin.json") }

// Path is a file in the hospital's folder; central's are below "central".
func (h *Hospital) Path(parts ...string) string {
	return filepath.Join(append([]string{h.dir}, parts...)...)
}

// Write writes a file in the hospital's folder and returns its path.
func (h *Hospital) Write(name, text string) string {
	h.t.Helper()
	if err := os.WriteFile(h.Path(name), []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return h.Path(name)
}

// Run runs a command of a program to its end, and returns what it says.
func (h *Hospital) Run(program string, args ...string) string {
	h.t.Helper()
	out, err := exec.Command(Program(h.t, program), args...).CombinedOutput()
	if err != nil {
		h.t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Desk runs a command of the running central.
func (h *Hospital) Desk(args ...string) string {
	h.t.Helper()
	return h.Run("central", append([]string{"--config", h.Path("central/central.toml")}, args...)...)
}

// StartCentral starts central again after it was killed, and returns once it
// serves.
func (h *Hospital) StartCentral() {
	h.t.Helper()
	h.Central = Start(h.t, exec.Command(Program(h.t, "central"), "--config", h.Path("central/central.toml"), "run"))
	Await(h.t, "central", func() bool {
		c, err := net.Dial("unix", h.Path("central/central.sock"))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func (h *Hospital) startMail() {
	h.t.Helper()
	server, err := catcher.Start("127.0.0.1:0", catcher.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Mail = server
	h.t.Cleanup(func() { server.Close() })
}

func (h *Hospital) issueAuthority() {
	h.t.Helper()
	authority, err := simcard.NewAuthority("Test card authority", time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	h.Authority = authority
	h.Write("authority.pem", string(authority.CertificatePEM()))
}

func (h *Hospital) configure(broker, policy string) {
	h.t.Helper()
	h.Write("central/central.toml", fmt.Sprintf(`
realm = "trust.example"
log = "debug"
web = ""
card_authority = %q
[broker]
%s
[smtp]
port = %d
tls = "none"
sender = "unlockpoint@trust.nhs.uk"
[policy]
mails_an_hour = 50
%s
[[sites]]
id = "ward7"
name = "Ward 7"
booth = "Level 1"
hours = "8 to 6"
phone = "01632 960 700"
`, h.Path("authority.pem"), broker, h.Mail.Addr().Port, policy))
}

// startBroker starts Mosquitto with the accounts that central lists.
func (h *Hospital) startBroker(terminals int) {
	h.t.Helper()
	password, err := os.ReadFile(h.Path("central/broker.password"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.Accounts = []broker.Account{{User: wire.Central, Password: strings.TrimSpace(string(password)), Role: broker.Central}}
	for n := range terminals {
		id, err := wire.LoadIdentity(h.Identity(n))
		if err != nil {
			h.t.Fatal(err)
		}
		h.Accounts = append(h.Accounts, broker.Account{User: id.MQTT.User, Password: id.MQTT.Password, Role: broker.Terminal, Site: id.Site})
	}
	badges := map[string]wire.Badge{}
	for _, file := range []string{h.Badge(), h.Path("jo.json"), h.Path("vi.json")} {
		badge, err := wire.LoadBadge(file)
		if err != nil {
			h.t.Fatal(err)
		}
		badges[file] = badge
		h.Accounts = append(h.Accounts, broker.Account{User: badge.ID, Password: badge.MQTT.Password, Role: broker.Operator})
	}
	h.Mosquitto = brokertest.Mosquitto(h.t, h.Accounts)
	for file, badge := range badges {
		badge.MQTT.URL = h.Mosquitto.URL()
		if err := badge.Save(file); err != nil {
			h.t.Fatal(err)
		}
	}
}
