package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/host/v3"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/appliance"
	"unlockpoint/display/browser"
	"unlockpoint/display/layout"
	"unlockpoint/display/signal"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/flash/flashtest"
	"unlockpoint/sync/wire"
)

// shown is what central IT and a page say of a terminal.
func (w *world) shown(id string) string {
	return w.Run("fleet", "--as", w.Badge(), "show", id)
}

// A panel, and then the only thing to press, stop answering and come back:
// people read that the terminal is out of service, and central IT why.
func TestAFaceThatFailsTakesTheTerminalOutOfService(t *testing.T) {
	w := newWorld(t, "")
	cfg, err := parseConfig(strings.ReplaceAll(resistive, "%q", `"`+t.TempDir()+`"`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := host.Init(); err != nil {
		t.Fatal(err)
	}
	m := mounted(t)
	identity, err := wire.LoadIdentity(w.Identity(0))
	if err != nil {
		t.Fatal(err)
	}
	identity.MQTT.URL = w.Mosquitto.URL()
	f, err := newFace(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	slot := simcard.NewSlot("reader")
	db, err := cfg.store()
	if err != nil {
		t.Fatal(err)
	}
	a, err := appliance.New(appliance.Config{Identity: identity, Slot: slot,
		Drawer: f.drawer, Events: f.events, Screen: f.screen, Face: f.health}, db)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runAll(ctx, append(f.parts, a.Run)...) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	sees := func(page, fault string, there bool) {
		t.Helper()
		hospitaltest.Await(t, "page "+page, func() bool { return a.Page().ID == page })
		hospitaltest.Await(t, "central to hear of "+fault, func() bool { return strings.Contains(w.shown(identity.ID), fault) == there })
	}
	cut := errors.New("remote I/O error")
	hospitaltest.Await(t, "idle", func() bool { return a.Page().ID == "idle" })

	m.panel.Fail(func(int) error { return cut })
	sees("out-of-service", "The panel does not work", true)
	m.panel.Fail(nil)
	sees("idle", "The panel does not work", false)
	m.glass.Break(cut)
	sees("out-of-service", "Nobody can press anything", true)
	m.glass.Break(nil)
	sees("idle", "Nobody can press anything", false)
}

// A terminal that cannot read its identity, or open its store, tells whoever
// comes to its console, and begins once it can.
func TestATerminalThatCannotBeginSaysWhy(t *testing.T) {
	w := newWorld(t, "")
	door, line := w.walls[0], newTTY(t)
	door.sets("console", fmt.Sprintf("tty = %q", line.name))
	me, store := w.Path(door.id+".json"), w.Path(door.id, "store")
	whole, err := os.ReadFile(me)
	if err != nil {
		t.Fatal(err)
	}
	put := func(file string, text []byte) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, text, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	put(me, whole[:len(whole)/2])
	put(store, nil)
	door.start()
	line.wakes("> ")
	if says := line.Text(); !strings.Contains(says, "does not run for now") || !strings.Contains(says, "(identity.shut)") {
		t.Errorf("without an identity the console says\n%s", says)
	}
	put(me, whole)
	line.wakes("Answer: ")
	if says := door.console("test reader"); !strings.Contains(says, "(store.shut)") || !strings.Contains(says, "not a directory") || !strings.Contains(says, "passed   reader") {
		t.Errorf("without a store the console says\n%s", says)
	}
	if err := os.Remove(store); err != nil {
		t.Fatal(err)
	}
	approach(t, door.socket, door.listen).sees("idle")
}

// A disk that fills up is a page, a fault at the console and at central; once
// there is room people are served again. A start on a full disk waits for it,
// and an engineer may make some.
func TestAFullDiskTakesTheTerminalOutOfService(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	disk := flashtest.Disk(t, "96m")
	if err := os.Symlink(disk, w.Path(door.id)); err != nil {
		t.Fatal(err)
	}
	p := door.start()
	p.sees("idle")
	empty := flashtest.Fill(t, disk, 20<<20)
	if s := p.sees("out-of-service"); !strings.Contains(strings.Join(s.Body, " "), "memory is full") {
		t.Errorf("it says %q", s.Body)
	}
	if out := door.console(); !strings.Contains(out, "The disk is full (store.full)") {
		t.Errorf("the console says\n%s", out)
	}
	hospitaltest.Await(t, "central to hear of it", func() bool { return strings.Contains(w.shown(door.id), "The disk is full") })
	empty()
	p.sees("idle")
	door.terminal.Kill()
	empty = flashtest.Fill(t, disk, 10<<20)
	door.start()
	hospitaltest.Await(t, "the log to tell of it", func() bool {
		return strings.Contains(door.terminal.Log.String(), "waits for its store")
	})
	if out := door.console(); !strings.Contains(out, "does not run for now") || !strings.Contains(out, "The disk is full (store.full)") {
		t.Errorf("the console says\n%s", out)
	}
	empty()
	p = approach(t, door.socket, door.listen)
	p.sees("idle")
	hospitaltest.Await(t, "central to hear that it is over", func() bool { return !strings.Contains(w.shown(door.id), "The disk is full") })
	door.terminal.Kill()
	flashtest.Fill(t, disk, 10<<20)
	door.start()
	hospitaltest.Await(t, "the reader at the console", func() bool { return strings.Contains(door.console("test reader"), "passed   reader") })
	door.console("factory-reset", "forget")
	<-door.terminal.Done
	if err := exec.Command(hospitaltest.Program(t, "terminal"), "--config", door.config, "run").Run(); err == nil {
		t.Error("it is somebody still, and serves")
	}
	if left, err := os.ReadDir(disk); err != nil || len(left) > 0 || !missing(w.Path(door.id+".json")) {
		t.Errorf("the reset left %v, %v", left, err)
	}
}

// hangs is a lamp that keeps the loop waiting, once it is told to.
type hangs struct {
	now  atomic.Bool
	over chan struct{}
}

func (h *hangs) Show(signal.State) {
	if h.now.Load() {
		<-h.over
	}
}

// A watchdog is fed while people can be served, starves while the loop hangs,
// and is told of an orderly end.
func TestAWatchdogIsFedByWhoServes(t *testing.T) {
	w := newWorld(t, "")
	identity, err := wire.LoadIdentity(w.Identity(0))
	if err != nil {
		t.Fatal(err)
	}
	identity.MQTT.URL = w.Mosquitto.URL()
	at := w.Path("watchdog")
	if err := unix.Mkfifo(at, 0o600); err != nil {
		t.Fatal(err)
	}
	dog, err := os.OpenFile(at, os.O_RDWR, 0) // which does not wait for the other end
	if err != nil {
		t.Fatal(err)
	}
	defer dog.Close()
	ate := func(within time.Duration) string {
		dog.SetReadDeadline(time.Now().Add(within))
		food := make([]byte, 64)
		n, err := dog.Read(food)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
		return string(food[:n])
	}
	p := browser.New(480, 320)
	lamp := &hangs{over: make(chan struct{})}
	db, err := config{Data: w.Path("data")}.store()
	if err != nil {
		t.Fatal(err)
	}
	a, err := appliance.New(appliance.Config{Identity: identity, Slot: simcard.NewSlot("reader"),
		Drawer: p, Events: p.Events(), Screen: layout.Screen{Width: 480, Height: 320, PPMM: 6.45}, Lamp: lamp, Watchdog: at}, db)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	for range 3 {
		if food := ate(hospitaltest.Patience); strings.Trim(food, "\x00") != "" || food == "" {
			t.Fatalf("it is fed %q", food)
		}
	}
	lamp.now.Store(true)
	hospitaltest.Await(t, "it to starve", func() bool { return ate(20*time.Second) == "" })
	lamp.now.Store(false)
	close(lamp.over)
	if food := ate(hospitaltest.Patience); food == "" {
		t.Error("it is not fed any more")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if food := ate(time.Second); !strings.HasSuffix(food, "V") {
		t.Errorf("at the end it is fed %q", food)
	}
}
