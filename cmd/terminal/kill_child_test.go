package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/appliance"
	"unlockpoint/device/journey"
	"unlockpoint/device/serial"
	"unlockpoint/sync/wire"
)

// asTerminal names the configuration that this test binary serves as a
// terminal whose every effect waits for a word from its parent.
const asTerminal = "UNLOCKPOINT_TEST_TERMINAL"

func TestMain(m *testing.M) {
	if path := os.Getenv(asTerminal); path != "" {
		if err := serveTraced(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serveTraced is the terminal that serves people, with a hook: each moment
// is told on file 3, and goes on when a byte comes on file 4.
func serveTraced(path string) error {
	cfg, err := loadConfig(path)
	if err != nil {
		return err
	}
	identity, err := wire.LoadIdentity(cfg.Identity)
	if err != nil {
		return err
	}
	identity.MQTT.URL = cfg.Broker.URL
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	tell, hear := os.NewFile(3, "tell"), os.NewFile(4, "hear")
	var one sync.Mutex
	return serve(context.Background(), cfg, identity, log, new(slog.LevelVar), new(serial.Log), func(m appliance.Moment) {
		one.Lock()
		defer one.Unlock()
		fmt.Fprintln(tell, moment(m.Effect, m.Ended))
		io.ReadFull(hear, make([]byte, 1))
	})
}

// moment is how parent and child call a moment: "Unlock begin".
func moment(e journey.Effect, ended bool) string {
	if ended {
		return nameOf(e) + " end"
	}
	return nameOf(e) + " begin"
}

func nameOf(e journey.Effect) string { return strings.TrimPrefix(fmt.Sprintf("%T", e), "journey.") }

// fuse waits for one moment of a traced terminal and cuts there, once.
type fuse struct {
	mu  sync.Mutex
	at  string // empty when it was cut
	cut func()

	seen func(at string) // hears of every moment; may be nil
}

func (f *fuse) watch(seen func(string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = seen
}

func (f *fuse) arm(at string, cut func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.cut = at, cut
}

// blow cuts if this is the moment.
func (f *fuse) blow(at string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen != nil {
		f.seen(at)
	}
	if f.at == at {
		f.at = ""
		f.cut()
	}
}

func (f *fuse) blown() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at == ""
}

// startTraced hangs a traced terminal on the wall.
func (a *wall) startTraced(f *fuse) *person {
	t := a.w.t
	t.Helper()
	told, tell := pipe(t)
	hear, say := pipe(t)
	cmd := a.w.pcsc.Command(os.Args[0])
	cmd.Env = append(cmd.Env, asTerminal+"="+a.config)
	cmd.ExtraFiles = []*os.File{tell, hear}
	a.terminal = hospitaltest.Start(t, cmd)
	tell.Close()
	hear.Close()
	var listening sync.WaitGroup
	listening.Go(func() {
		defer told.Close()
		defer say.Close()
		for lines := bufio.NewScanner(told); lines.Scan(); {
			f.blow(lines.Text())
			say.Write([]byte{0}) // to nobody, if it was killed
		}
	})
	t.Cleanup(listening.Wait)
	t.Cleanup(a.terminal.Kill) // before the wait: cleanups run last first
	return approach(t, a.socket, a.listen)
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}
