package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker/brokertest"
)

// world is a hospital, and a pcscd with 2 readers, each with a terminal of its
// own in front of it.
type world struct {
	*hospitaltest.Hospital
	t     testing.TB
	pcsc  *pcsctest.Stack
	walls [2]*wall
}

// wall is one terminal's place: its reader, its files, its address.
type wall struct {
	w        *world
	id       string
	config   string
	socket   string
	listen   string
	slot     string
	terminal *hospitaltest.Process
	pull     func() // takes the card out
}

// newWorld sets everything up and leaves central running. policy is more lines
// for the [policy] table.
func newWorld(t testing.TB, policy string) *world {
	t.Helper()
	w := &world{t: t, pcsc: pcsctest.Start(t)}
	w.Hospital = hospitaltest.Open(t, policy, len(w.walls))
	for i := range w.walls {
		w.walls[i] = w.wall(i)
		w.walls[i].configure(w.Mosquitto.URL())
	}
	return w
}

func (w *world) wall(i int) *wall {
	w.t.Helper()
	id := hospitaltest.Terminal(i)
	return &wall{w: w, id: id, config: w.Path(id + ".toml"), socket: w.Path(id, "terminal.sock"), listen: brokertest.FreeAddr(w.t), slot: w.pcsc.Slots[i]}
}

func (a *wall) configure(broker string) { a.reads(broker, a.reader()) }

// reader is the name of the wall's reader.
func (a *wall) reader() string { return a.w.pcsc.Readers[slices.Index(a.w.pcsc.Slots, a.slot)] }

// reads is configure for a reader by name.
func (a *wall) reads(broker, name string) {
	a.w.Write(a.id+".toml", fmt.Sprintf(`
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
[console]
`, a.w.Path(a.id+".json"), a.w.Path(a.id), name, a.listen, broker))
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
	a.w.Write(a.id+".toml", strings.Replace(string(text), head, head+strings.Join(lines, "\n")+"\n", 1))
}

// start hangs the terminal on the wall and waits until it serves.
func (a *wall) start() *person {
	a.w.t.Helper()
	cmd := a.w.pcsc.Command(hospitaltest.Program(a.w.t, "terminal"), "--config", a.config, "run")
	a.terminal = hospitaltest.Start(a.w.t, cmd)
	return approach(a.w.t, a.socket, a.listen)
}

// insert puts a card into the wall's reader.
func (a *wall) insert(card *simcard.Card) {
	ctx, cancel := context.WithCancel(context.Background())
	var playing sync.WaitGroup
	playing.Go(func() { simcard.Dial(ctx, a.slot, card) })
	a.pull = func() { cancel(); playing.Wait() }
	a.w.t.Cleanup(a.pull)
}
