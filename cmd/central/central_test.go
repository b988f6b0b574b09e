package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

// installation is a folder made by "central init".
type installation struct {
	t   *testing.T
	dir string
}

func initialise(t *testing.T) installation {
	t.Helper()
	i := installation{t, filepath.Join(t.TempDir(), "etc")}
	if err := Run(t.Context(), []string{"init", i.dir, "--realm", "trust.nhs.uk"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	i.set(`web = "127.0.0.1:8080"`, `web = "127.0.0.1:0"`)
	return i
}

func (i installation) conf() string { return filepath.Join(i.dir, "central.toml") }

// set changes a line of the configuration.
func (i installation) set(from, to string) {
	i.t.Helper()
	raw, err := os.ReadFile(i.conf())
	if err != nil || !strings.Contains(string(raw), from) {
		i.t.Fatalf("%q is not there (%v)", from, err)
	}
	if err := os.WriteFile(i.conf(), []byte(strings.Replace(string(raw), from, to, 1)), 0o600); err != nil {
		i.t.Fatal(err)
	}
}

// call runs one command and returns what it printed.
func (i installation) call(args ...string) (string, error) {
	i.t.Helper()
	var out bytes.Buffer
	err := Run(i.t.Context(), append([]string{"-c", i.conf()}, args...), &out)
	return out.String(), err
}

func (i installation) must(args ...string) string {
	i.t.Helper()
	out, err := i.call(args...)
	if err != nil {
		i.t.Fatalf("%v: %v", args, err)
	}
	return out
}

const card = "piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9"

func TestAServerIsSetUpRunAndAsked(t *testing.T) {
	i := initialise(t)

	// Before the first start the commands open the store themselves.
	file := filepath.Join(i.dir, "ward-7.json")
	i.must("terminals", "add", "ward-7", "--site", "main", "--display-name", "Ward 7", "-o", file)
	id, err := wire.LoadIdentity(file)
	if err != nil || id.Name != "Ward 7" || id.Realm != "trust.nhs.uk" {
		t.Fatalf("%v, %v", id, err)
	}
	addr := brokertest.FreeAddr(t)
	i.set("127.0.0.1:1883", addr)
	i.must("broker-config", filepath.Join(i.dir, "mosquitto"), "--run-as", brokertest.RunAs())
	brokertest.Run(t, filepath.Join(i.dir, "mosquitto", "mosquitto.conf"), addr)

	// Then it runs against a real Mosquitto, and they ask it.
	i.start()
	if out := i.must("overview"); !strings.Contains(out, "link to the broker  up") {
		t.Fatal(out)
	}
	i.must("cards", "add", card, "--holder", "Ceri Jones", "--email", "ceri@nhs.net", "--site", "main")
	if out := i.must("cards", "ls"); !strings.Contains(out, card) || !strings.Contains(out, "Ceri Jones") || strings.Contains(out, "ceri@") {
		t.Fatal(out)
	}
	if out := i.must("terminals", "ls"); !strings.Contains(out, "ward-7") || !strings.Contains(out, "not online") {
		t.Fatal(out)
	}
	if out := i.must("audit", "ls"); !strings.Contains(out, "cards.added") || !strings.Contains(out, "cards.listed") || strings.Contains(out, "Ceri") {
		t.Fatal(out)
	}
	head := strings.Fields(i.must("audit", "verify"))
	i.must("audit", "verify", "--was", head[len(head)-1])
	if _, err := i.call("audit", "verify", "--was", "2:"+strings.Repeat("00", 32)); err == nil || !strings.Contains(err.Error(), "made anew") {
		t.Fatal(err)
	}
	if out := i.must("audit", "export"); !strings.Contains(out, "terminal.added") || strings.Contains(out, card) {
		t.Fatal(out)
	}
	badge := filepath.Join(i.dir, "jo.json")
	if out := i.must("operators", "add", "jo", "--role", "engineer", "--site", "main", "-o", badge); !strings.Contains(out, "--card") {
		t.Errorf("nobody is told of cards: %s", out)
	}
	if b, err := wire.LoadBadge(badge); err != nil || b.Role != wire.Engineer || b.ID != "jo" {
		t.Fatalf("%v, %v", b, err)
	}
	if out, err := i.call("operators", "add", "jo", "--role", "admin", "-o", badge+"2"); err == nil || !strings.Contains(err.Error(), "there is an operator of that name") {
		t.Fatal(out, err)
	}
	if out := i.must("operators", "ls"); !strings.Contains(out, "jo        engineer  main   -     ") {
		t.Fatal(out)
	}
	if out := i.must("operators", "add", "em", "--role", "booth", "--card", card, "-o", badge+"4") + i.must("operators", "ls"); strings.Contains(out, "--card") || !strings.Contains(out, card) {
		t.Error(out)
	}
	i.must("operators", "remove", "em")
	const byHand = "have it read its files again"
	if out := i.must("operators", "remove", "jo"); !strings.Contains(out, byHand) {
		t.Error(out)
	}
	if _, err := i.call("operators", "remove", "jo"); err == nil || !strings.Contains(err.Error(), `there is no operator "jo"`) {
		t.Fatal(err)
	}
	if out := i.must("terminals", "retire", "ward-7"); !strings.Contains(out, byHand) {
		t.Error(out)
	}
	if out := i.must("terminals", "ls"); !strings.Contains(out, "retired") {
		t.Fatal(out)
	}
	if out := i.must("sites"); !strings.Contains(out, "Main hospital") {
		t.Fatal(out)
	}

	// Where central keeps the broker's lists, nothing is left to do by hand.
	text, err := os.ReadFile(i.conf())
	if err != nil {
		t.Fatal(err)
	}
	kept := strings.Replace(string(text), `folder = ""`, fmt.Sprintf("folder = %q", filepath.Join(i.dir, "mosquitto")), 1)
	if err := os.WriteFile(i.conf(), []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := i.must("operators", "add", "al", "--role", "admin", "-o", badge+"3"); strings.Contains(out, byHand) || kept == string(text) {
		t.Error(out)
	}
}

// start runs the server until the test ends and returns once it is ready.
func (i installation) start() {
	i.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, says := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- Run(ctx, []string{"-c", i.conf()}, says) }()
	i.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			i.t.Error(err)
		}
	})
	line := make(chan string, 1)
	go func() {
		b := make([]byte, 200)
		n, _ := out.Read(b)
		line <- string(b[:n])
	}()
	select {
	case s := <-line:
		if !strings.Contains(s, "ready") {
			i.t.Fatal(s)
		}
	case err := <-done:
		done <- err
		i.t.Fatal(err)
	case <-time.After(30 * time.Second): // only when it hangs
		i.t.Fatal("not ready")
	}
}

func TestAnImportTellsWhatIsWrongByLine(t *testing.T) {
	i := initialise(t)
	file := filepath.Join(i.dir, "cards.csv")
	header := i.must("cards", "import", "--columns")
	rows := card + ",piv,Ceri Jones,ceri@nhs.net,main,derived,\n" + "piv:zz,piv,,x@evil.com,north,1,\n"
	if err := os.WriteFile(file, []byte(header+rows), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := i.call("cards", "import", file)
	if err == nil || !strings.Contains(err.Error(), "nothing was imported") || !strings.Contains(err.Error(), "\nline 3, email") {
		t.Fatal(err)
	}
	if out := i.must("cards", "ls"); strings.Contains(out, "Ceri") {
		t.Fatal(out)
	}
}

func TestInitTouchesNothingThatIsThere(t *testing.T) {
	i := initialise(t)
	before, _ := os.ReadFile(filepath.Join(i.dir, "keyring.json"))
	if err := Run(t.Context(), []string{"init", i.dir}, io.Discard); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(filepath.Join(i.dir, "keyring.json"))
	if !bytes.Equal(before, after) {
		t.Fatal("the key ring changed")
	}
}

func TestAnIdentityIsNeverOverwritten(t *testing.T) {
	i := initialise(t)
	file := filepath.Join(i.dir, "id.json")
	i.must("terminals", "add", "ward-7", "--site", "main", "-o", file)
	if _, err := i.call("terminals", "add", "ward-8", "--site", "main", "-o", file); err == nil || !strings.Contains(err.Error(), "never overwritten") {
		t.Fatal(err)
	}
	if out := i.must("terminals", "ls"); strings.Contains(out, "ward-8") {
		t.Fatal("added without a file for its keys")
	}
	if _, err := i.call("terminals", "add", "ward-9", "--site", "north", "-o", file+"2"); err == nil || !strings.Contains(err.Error(), `"north"`) {
		t.Fatal(err)
	}
	if _, err := os.Stat(file + "2"); err == nil {
		t.Fatal("an empty identity was left behind")
	}
}

func TestAStoreInUseIsSaidToBe(t *testing.T) {
	i := initialise(t)
	file, err := loadConfig(i.conf())
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := file.build(nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := central.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := i.call("cards", "ls"); err == nil || !strings.Contains(err.Error(), "nobody answers on") {
		t.Fatal(err)
	}
}

func TestHelpTeaches(t *testing.T) {
	for _, page := range [][]string{nil, {"run"}, {"init"}, {"terminals", "add"}, {"cards", "import"}, {"cards", "add"}, {"broker-config"}} {
		out := help(t, page)
		if !strings.Contains(out, "Usage: central") || !strings.Contains(out, "--config") {
			t.Errorf("%v:\n%s", page, out)
		}
	}
}

// help is what --help prints. Kong ends the program after it, which a test
// must not.
func help(t *testing.T, page []string) string {
	t.Helper()
	var out bytes.Buffer
	c := cli{out: &out}
	parser, err := newParser(t.Context(), &c)
	if err != nil {
		t.Fatal(err)
	}
	parser.Exit = func(int) {}
	parser.Parse(append(page, "--help"))
	return out.String()
}

// A setting that does not fit what is there is named, with what to do.
func TestASettingThatDoesNotFitIsNamed(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"keyring.json", "nowhere.json", "keyring: "},
		{`realm = "trust.nhs.uk"`, `realm = "other.nhs.uk"`, `realm is "other.nhs.uk", and the store and every terminal belong to "trust.nhs.uk"`},
		{"broker.password", "nowhere.password", "broker.password_file: "},
	} {
		i := initialise(t)
		i.must("cards", "ls")
		i.set(c.from, c.to)
		if out, err := i.call("cards", "ls"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q\n%s", c.to, err, c.want, out)
		}
	}
}
