package house_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/sync/wire"
)

// living is a house that runs until it is stopped.
type living struct {
	robot.Driver
	house *house.House
	stop  func() error
}

// live starts a house on a folder and waits until it is ready.
func live(t *testing.T, data string, changes ...func(*house.Config)) living {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := house.Config{Data: data, Seed: tray.Seed(), Listener: listener, Log: slog.New(slog.DiscardHandler)}
	for _, change := range changes {
		change(&cfg)
	}
	h, err := house.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- h.Run(ctx, func() { close(ready) }) }()
	select {
	case err := <-ended:
		t.Fatalf("ended before it was ready: %v", err)
	case <-ready:
	}
	client := &http.Client{Transport: &http.Transport{}}
	stopped := false
	stop := func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		client.CloseIdleConnections()
		return <-ended
	}
	t.Cleanup(func() { stop() })
	return living{robot.Driver{Base: h.URL(), Client: client}, h, stop}
}

func (l living) person(name, address string) *robot.Person {
	return &robot.Person{Driver: l.Driver, Card: name, Address: address, Passcode: "246810", NewPasscode: "975318"}
}

// post makes a call that has to succeed.
func (l living) post(t *testing.T, path string, body any) {
	t.Helper()
	if err := l.Post(t.Context(), path, body, nil); err != nil {
		t.Fatal(err)
	}
}

// mails are how many are in the mailbox.
func (l living) mails(t *testing.T) int {
	t.Helper()
	var box struct{ Mails []any }
	if err := l.Get(t.Context(), "/mail.json", &box); err != nil {
		t.Fatal(err)
	}
	return len(box.Mails)
}

// await waits until the terminal shows a page.
func (l living) await(t *testing.T, id string) robot.Page {
	t.Helper()
	p, err := l.Page(t.Context())
	for range 12 {
		if err != nil {
			t.Fatal(err)
		}
		if p.ID == id {
			return p
		}
		p, err = l.After(t.Context(), p)
	}
	t.Fatalf("page %s, want %s", p.ID, id)
	return p
}

// Whoever registered yesterday unlocks today: the data folder keeps it all.
func TestDataOutlivesARestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := live(t, data)
	amina := first.person("amina", "amina.shah@nhs.net")
	for _, step := range []func(context.Context) error{amina.Insert, amina.Register, amina.Remove, amina.Block} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := first.mails(t)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}

	second := live(t, data)
	amina.Driver = second.Driver
	if got := second.mails(t); before == 0 || got < before {
		t.Errorf("%d mails after the restart, %d before", got, before)
	}
	for _, step := range []func(context.Context) error{amina.Insert, amina.Unlock} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if ok, err := amina.Accepts(t.Context(), amina.NewPasscode); err != nil || !ok {
		t.Errorf("new passcode accepted: %v, %v", ok, err)
	}
	if err := second.stop(); err != nil {
		t.Error(err)
	}
}

// A terminal whose disk failed goes on with a new store, says so, and gets its
// registry back.
func TestADamagedTerminalStoreIsReplacedAndToldOf(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	l := live(t, data)
	s := story{t, l, l.person("amina", "amina.shah@nhs.net")}
	s.insert()
	s.ok(s.who.Register(t.Context()))
	s.remove()
	s.ok(s.stop())
	s.ok(os.WriteFile(filepath.Join(data, "terminal", "store", "MANIFEST"), []byte("not a manifest"), 0o600))

	s.living = live(t, data)
	s.who.Driver = s.Driver
	s.told("store.damaged", 1)
	s.copied("the registry is back", true)
}

// The switches do what their names say.
func TestSwitches(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())

	l.post(t, "/reader", map[string]bool{"present": false})
	l.await(t, "reader-missing")
	l.post(t, "/reader", map[string]bool{"present": true})
	l.await(t, "idle")

	l.post(t, "/cards/amina/insert", struct{}{})
	l.await(t, "card.menu")
	l.post(t, "/clock", map[string]int{"advance_s": 61})
	l.await(t, "more-time")
	l.post(t, "/terminal/restart", struct{}{})
	l.await(t, "card.menu")

	l.post(t, "/link", map[string]bool{"up": false})
	for central := (struct {
		Terminals []struct{ Online bool }
		Demo      struct{ Link, Reader bool }
	}{}); ; {
		if err := l.Get(t.Context(), "/central.json", &central); err != nil {
			t.Fatal(err)
		}
		if len(central.Terminals) == 1 && !central.Terminals[0].Online && !central.Demo.Link {
			break
		}
	}
}

// A journey that meets a power cut in its middle is still a journey.
func TestPowerCutBeforeTheCode(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	amina := l.person("amina", "amina.shah@nhs.net")
	for _, step := range []func(context.Context) error{amina.Insert, amina.Register, amina.Remove, amina.Block, amina.Insert, amina.UntilCode} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	l.post(t, "/terminal/restart", struct{}{})
	if err := amina.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ok, err := amina.Accepts(t.Context(), amina.NewPasscode); err != nil || !ok {
		t.Errorf("new passcode accepted: %v, %v", ok, err)
	}
}

// A first start that did not come to its end spoils nothing: once the mistake
// is mended, the operators have badges and central knows every card.
func TestAStartAfterOneThatWasCut(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	wrong := tray.Seed()
	wrong[0].Site = "ward8"
	_, err = house.Open(t.Context(), house.Config{Data: data, Seed: wrong, Listener: listener, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "site") {
		t.Fatalf("a card of a site that is none: %v", err)
	}
	l := live(t, data)
	for _, file := range []string{house.AdminFile, house.BoothFile} {
		if _, err := wire.LoadBadge(filepath.Join(data, file)); err != nil {
			t.Error(err)
		}
	}
	l.post(t, "/cards/amina/insert", struct{}{})
	l.await(t, "card.menu")
}

// A data folder belongs to one demo at a time.
func TestOneDemoAFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	live(t, data)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	h, err := house.Open(t.Context(), house.Config{Data: data, Seed: tray.Seed(), Listener: listener, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		t.Fatal(errors.Join(errors.New("two demos opened one folder"), h.Run(t.Context(), func() {})))
	}
}
