//go:build qemu

package qemu

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/wire"
)

// world is a hospital in a folder: central, Mosquitto and a mail server, as
// processes of this machine, and one terminal, which is a machine of its own.
type world struct {
	t         *testing.T
	dir       string
	programs  string
	mail      *catcher.Server
	authority *simcard.Authority
	holders   int
}

// newWorld sets everything up by the commands an administrator would use, and
// leaves central running. It returns the broker's address.
func newWorld(t *testing.T) (*world, string) {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), programs: t.TempDir()}
	if out, err := exec.Command("go", "build", "-o", w.programs, "unlockpoint/cmd/central").CombinedOutput(); err != nil {
		t.Fatalf("build central: %v\n%s", err, out)
	}
	w.startMail()
	w.issueAuthority()
	w.run("init", w.path("central"), "--realm", "trust.example", "--site", "ward7", "--sender", "unlockpoint@trust.nhs.uk")
	w.configure("mqtt://127.0.0.1:1") // no broker yet: it is to know the terminal first
	stop := w.startCentral()
	w.desk("terminals", "add", "ward7-1", "--site", "ward7", "--display-name", "Ward 7, door 1", "-o", w.path("identity.json"))
	stop()
	mosquitto := brokertest.Mosquitto(t, w.accounts())
	w.configure(mosquitto.URL())
	w.startCentral()
	return w, mosquitto.Addr()
}

func (w *world) path(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

func (w *world) startMail() {
	server, err := catcher.Start("127.0.0.1:0", catcher.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.mail = server
	w.t.Cleanup(func() { server.Close() })
}

func (w *world) issueAuthority() {
	authority, err := simcard.NewAuthority("Test card authority", time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.authority = authority
	w.write("authority.pem", authority.CertificatePEM())
}

func (w *world) write(name string, text []byte) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), text, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.path(name)
}

func (w *world) configure(broker string) {
	w.write("central/central.toml", fmt.Appendf(nil, `
realm = "trust.example"
web = ""
card_authority = %q
[broker]
url = %q
[smtp]
port = %d
tls = "none"
sender = "unlockpoint@trust.nhs.uk"
[[sites]]
id = "ward7"
name = "Ward 7"
booth = "Level 1"
hours = "8 to 6"
phone = "01632 960 700"
`, w.path("authority.pem"), broker, w.mail.Addr().Port))
}

// run runs a command of central to its end.
func (w *world) run(args ...string) {
	w.t.Helper()
	out, err := exec.Command(filepath.Join(w.programs, "central"), args...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("central %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// desk runs a command of the running central.
func (w *world) desk(args ...string) {
	w.t.Helper()
	w.run(append([]string{"--config", w.path("central/central.toml")}, args...)...)
}

// startCentral returns once central serves.
func (w *world) startCentral() (stop func()) {
	w.t.Helper()
	cmd := exec.Command(filepath.Join(w.programs, "central"), "--config", w.path("central/central.toml"), "run")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
	w.t.Cleanup(func() {
		stop()
		if w.t.Failed() {
			w.t.Logf("central:\n%s", &log)
		}
	})
	until(w.t, "central", func() bool {
		c, err := net.Dial("unix", w.path("central/central.sock"))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return stop
}

// until asks again and again for something that another process does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx := soon(t)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// accounts are what the broker has to know.
func (w *world) accounts() []broker.Account {
	w.t.Helper()
	password, err := os.ReadFile(w.path("central/broker.password"))
	if err != nil {
		w.t.Fatal(err)
	}
	id, err := wire.LoadIdentity(w.path("identity.json"))
	if err != nil {
		w.t.Fatal(err)
	}
	return []broker.Account{
		{User: wire.Central, Password: strings.TrimSpace(string(password)), Role: broker.Central},
		{User: id.MQTT.User, Password: id.MQTT.Password, Role: broker.Terminal, Site: id.Site},
	}
}

// holder is somebody with a card that central knows.
type holder struct {
	card           *simcard.Card
	name, email    string
	passcode, next string
}

// hires a holder of a PIV card that works.
func (w *world) hires() *holder {
	w.t.Helper()
	w.holders++
	h := &holder{name: fmt.Sprintf("Angharad Testperson%d", w.holders), email: fmt.Sprintf("angharad.%d@trust.nhs.uk", w.holders),
		passcode: "482913", next: "73910462"}
	puk := fmt.Sprintf("9153%04d", w.holders)
	card, err := simcard.New(simcard.Config{Kind: simcard.Working, Profiles: []string{piv.Profile}, Name: h.name,
		PIN: h.passcode, PUK: puk, Authority: w.authority})
	if err != nil {
		w.t.Fatal(err)
	}
	h.card = card
	var file bytes.Buffer
	err = csv.NewWriter(&file).WriteAll([][]string{
		{"card", "profile", "holder", "email", "site", "puk", "certificate"},
		{card.Status().CardID, piv.Profile, h.name, h.email, "ward7", puk, base64.StdEncoding.EncodeToString(card.Certificate())},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk("cards", "import", w.write("cards.csv", file.Bytes()))
	return h
}

// code is the newest code that was mailed to the holder after a mail.
func (w *world) code(h *holder, after int) string {
	w.t.Helper()
	var code string
	until(w.t, "a code for "+h.email, func() bool {
		for _, m := range w.mail.Mails() {
			if m.To == h.email && m.Number > after && m.Code != "" {
				code = m.Code
			}
		}
		return code != ""
	})
	return code
}
