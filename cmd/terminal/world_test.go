package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/wire"
)

// world is a hospital in a folder: central, Mosquitto, a mail server, and a
// pcscd with 2 readers, each with a terminal of its own in front of it. All
// but the mail server are processes.
type world struct {
	t         testing.TB
	dir       string
	central   *process
	mosquitto *brokertest.Server
	mail      *catcher.Server
	pcsc      *pcsctest.Stack
	authority *simcard.Authority
	walls     [2]*wall
	accounts  []broker.Account
	holders   int
}

// wall is one terminal's place: its reader, its files, its address.
type wall struct {
	w        *world
	id       string
	config   string
	socket   string
	listen   string
	slot     string
	terminal *process
	pull     func() // takes the card out
}

// programs builds the programs once for all tests of the package.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "unlockpoint")
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir, "unlockpoint/cmd/central", "unlockpoint/cmd/terminal").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return dir, nil
})

func program(t testing.TB, name string) string {
	t.Helper()
	dir, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// newWorld sets everything up by the commands an administrator would use, and
// leaves central running. policy is more lines for the [policy] table.
func newWorld(t testing.TB, policy string) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), pcsc: pcsctest.Start(t)}
	w.startMail()
	w.issueAuthority()
	w.run("central", "init", w.path("central"), "--realm", "trust.example", "--site", "ward7", "--sender", "unlockpoint@trust.nhs.uk")
	w.configure("mqtt://127.0.0.1:1", policy) // no broker yet: it is to know the terminals first
	w.startCentral()
	for i := range w.walls {
		w.walls[i] = w.addWall(i)
	}
	w.central.kill()
	w.startBroker()
	w.configure(w.mosquitto.URL(), policy)
	for _, wall := range w.walls {
		wall.configure(w.mosquitto.URL(), w.pcsc.Readers)
	}
	w.startCentral()
	return w
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
	w.write("authority.pem", string(authority.CertificatePEM()))
}

func (w *world) write(name, text string) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.path(name)
}

func (w *world) configure(broker, policy string) {
	w.write("central/central.toml", fmt.Sprintf(`
realm = "trust.example"
log = "debug"
web = ""
card_authority = %q
[broker]
url = %q
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
`, w.path("authority.pem"), broker, w.mail.Addr().Port, policy))
}

// run runs a command to its end.
func (w *world) run(name string, args ...string) string {
	w.t.Helper()
	out, err := exec.Command(program(w.t, name), args...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// desk runs a command of the running central.
func (w *world) desk(args ...string) string {
	w.t.Helper()
	return w.run("central", append([]string{"--config", w.path("central/central.toml")}, args...)...)
}

func (w *world) startCentral() {
	w.t.Helper()
	w.central = start(w.t, exec.Command(program(w.t, "central"), "--config", w.path("central/central.toml"), "run"))
	w.await("central", func() bool {
		c, err := net.Dial("unix", w.path("central/central.sock"))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// await asks again and again for something that another process does.
func (w *world) await(what string, done func() bool) {
	w.t.Helper()
	end := time.Now().Add(patienceOfTests)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !done() {
		if (<-again.C).After(end) {
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (w *world) addWall(i int) *wall {
	w.t.Helper()
	id := fmt.Sprintf("ward7-%d", i+1)
	w.desk("terminals", "add", id, "--site", "ward7", "--display-name", fmt.Sprintf("Ward 7, door %d", i+1), "-o", w.path(id+".json"))
	return &wall{w: w, id: id, config: w.path(id + ".toml"), socket: w.path(id, "terminal.sock"), listen: brokertest.FreeAddr(w.t), slot: w.pcsc.Slots[i]}
}

// startBroker starts Mosquitto with the accounts that central lists.
func (w *world) startBroker() {
	w.t.Helper()
	password, err := os.ReadFile(w.path("central/broker.password"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.accounts = []broker.Account{{User: wire.Central, Password: strings.TrimSpace(string(password)), Role: broker.Central}}
	for _, wall := range w.walls {
		id, err := wire.LoadIdentity(w.path(wall.id + ".json"))
		if err != nil {
			w.t.Fatal(err)
		}
		w.accounts = append(w.accounts, broker.Account{User: id.MQTT.User, Password: id.MQTT.Password, Role: broker.Terminal, Site: id.Site})
	}
	w.mosquitto = brokertest.Mosquitto(w.t, w.accounts)
}

func (a *wall) configure(broker string, readers []string) {
	a.reads(broker, readers[slices.Index(a.w.pcsc.Slots, a.slot)])
}

// reads is configure for a reader by name.
func (a *wall) reads(broker, name string) {
	a.w.write(a.id+".toml", fmt.Sprintf(`
identity = %q
data = %q
log = "debug"
[reader]
names = [%q]
[panel]
listen = %q
veil_s = 0
[broker]
url = %q
first_try_s = 0
longest_wait_s = 1
`, a.w.path(a.id+".json"), a.w.path(a.id), name, a.listen, broker))
}

// small gives it a small panel, which is painted in less time.
func (a *wall) small() { a.sets("panel", "width = 480", "height = 320") }

// sets adds settings to a part of its configuration.
func (a *wall) sets(part string, lines ...string) {
	a.w.t.Helper()
	text, err := os.ReadFile(a.config)
	if err != nil {
		a.w.t.Fatal(err)
	}
	head := "[" + part + "]\n"
	a.w.write(a.id+".toml", strings.Replace(string(text), head, head+strings.Join(lines, "\n")+"\n", 1))
}

// start hangs the terminal on the wall and waits until it serves.
func (a *wall) start() *person {
	a.w.t.Helper()
	cmd := a.w.pcsc.Command(program(a.w.t, "terminal"), "--config", a.config, "run")
	a.terminal = start(a.w.t, cmd)
	return approach(a.w.t, a.socket, a.listen)
}

// holder is somebody with a card that central knows.
type holder struct {
	card           *simcard.Card
	name, email    string
	passcode, next string
	puk            string
}

// hires a holder of a PIV card.
func (w *world) hires(kind simcard.Kind) *holder {
	w.t.Helper()
	return w.hiresWith(kind, piv.Profile)
}

// keys are PUKs, and what other profiles have instead, of the nth holder.
var keys = map[string]string{
	"piv":       "9153%04d",
	"gids":      "915300112233445566778899aabbccddeeff01020304%04d",
	"openpgp":   "9153%04d",
	"isoapplet": "915300112233%04d",
	"authentic": "9153%04d",
}

// hiresWith is a holder, with a new card and the row that central imports.
func (w *world) hiresWith(kind simcard.Kind, profile string) *holder {
	w.t.Helper()
	w.holders++
	h := &holder{name: fmt.Sprintf("Angharad Testperson%d", w.holders), email: fmt.Sprintf("angharad.%d@trust.nhs.uk", w.holders),
		passcode: "482913", next: "73910462", puk: fmt.Sprintf(keys[profile], w.holders)}
	card, err := simcard.New(simcard.Config{
		Kind: kind, Profiles: []string{profile}, Name: h.name, PIN: h.passcode, PUK: h.puk, Authority: w.authority,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	h.card = card
	var file bytes.Buffer
	rows := csv.NewWriter(&file)
	err = rows.WriteAll([][]string{
		{"card", "profile", "holder", "email", "site", "puk", "certificate"},
		{card.Status().CardID, profile, h.name, h.email, "ward7", h.puk, base64.StdEncoding.EncodeToString(card.Certificate())},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk("cards", "import", w.write("cards.csv", file.String()))
	return h
}

// insert puts a card into the wall's reader.
func (a *wall) insert(card *simcard.Card) {
	ctx, cancel := context.WithCancel(context.Background())
	var playing sync.WaitGroup
	playing.Go(func() { simcard.Dial(ctx, a.slot, card) })
	a.pull = func() { cancel(); playing.Wait() }
	a.w.t.Cleanup(a.pull)
}

// code is the newest code that was mailed to the holder.
func (w *world) code(h *holder, after int) string {
	w.t.Helper()
	var code string
	w.await("a code for "+h.email, func() bool {
		for _, m := range w.mail.Mails() {
			if m.To == h.email && m.Number > after && m.Code != "" {
				code = m.Code
			}
		}
		return code != ""
	})
	return code
}

// mails is how many mails there were.
func (w *world) mails() int { return len(w.mail.Mails()) }

// process is a running program whose output is kept for the failing test.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	log  *logBuffer
}

func start(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	log := new(logBuffer)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, done: make(chan struct{}), log: log}
	go func() { cmd.Wait(); close(p.done) }()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(cmd.Path), log.String())
		}
	})
	return p
}

// kill is a power cut.
func (p *process) kill() {
	p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.done
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
