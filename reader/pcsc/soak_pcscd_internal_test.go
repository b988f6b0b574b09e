package pcsc

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"unlockpoint/reader/pcsc/pcscd"
	"unlockpoint/reader/simcard"
)

// What "make soak" asks for. pcscd looks at its virtual readers every 0.4 s,
// which is what an insertion takes: several services share the work.
var (
	insertions = flag.Int("insertions", 150, "insertions of the soak over pcscd")
	stacks     = flag.Int("stacks", 6, "services that the soak over pcscd runs side by side")
	seed       = flag.Uint64("seed", 1, "what the soak over pcscd draws its troubles from")
)

// asSoak has this test binary soak one service: "insertions seed".
const asSoak = "UNLOCKPOINT_TEST_SOAK"

func TestMain(m *testing.M) {
	work, ok := os.LookupEnv(asSoak)
	if !ok {
		os.Exit(m.Run())
	}
	result, err := soakPcscd(work)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

// slots is a soak's ground in a real pcscd with virtual readers.
type slots struct {
	service *pcscd.Service
	leave   [2]func()
}

func (g *slots) name(i int) string { return g.service.Readers[i] }

func (g *slots) insert(i int, card *simcard.Card) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); simcard.Dial(ctx, g.service.Slots[i], card) }()
	g.leave[i] = func() { cancel(); <-done }
}

func (g *slots) pull(i int) { g.leave[i]() }

func (g *slots) restart() error        { g.service.Down(); return g.service.Up() }
func (g *slots) pause(d time.Duration) { time.Sleep(d) }

func (g *slots) crash() error {
	if err := g.service.Crash(); err != nil {
		return err
	}
	return g.service.Up()
}

// soakPcscd is a process's part of the soak.
func soakPcscd(work string) (tally, error) {
	var n int
	var seed uint64
	if _, err := fmt.Sscan(work, &n, &seed); err != nil {
		return tally{}, err
	}
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return tally{}, err
	}
	defer os.RemoveAll(dir)
	service, err := pcscd.Start(dir)
	if err != nil {
		return tally{}, err
	}
	defer service.Down()
	os.Setenv("PCSCLITE_CSOCK_NAME", service.Socket()) // libpcsclite reads it at its first use
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	slot := NewSlot(Config{})
	s := &soak{
		ground: &slots{service: service}, slot: slot, seen: slot.Watch(ctx), random: rand.New(rand.NewPCG(seed, 0)),
		result: tally{Faults: map[string]int{}},
	}
	err = s.soak(n)
	return s.result, err
}

// soak measures what many insertions leave behind.
func (s *soak) soak(n int) error {
	if err := s.run(max(5, min(n/5, 20))); err != nil { // until everything has been made once
		return err
	}
	s.result.Insertions, s.result.Served = 0, 0
	clear(s.result.Faults)
	s.result.Before = measure()
	begun := time.Now()
	if err := s.run(n); err != nil {
		return err
	}
	s.result.Seconds = time.Since(begun).Seconds()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		s.result.After = measure()
		if err := s.result.leaks(); err == nil || time.Now().After(end) {
			return err
		}
	}
}

// TestSoakOverPcscd puts cards into real services, with everything that can go
// wrong under one: "make soak" does so 5,000 times.
func TestSoakOverPcscd(t *testing.T) {
	sum := tally{Faults: map[string]int{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range *stacks {
		all.Go(func() {
			share := (*insertions + *stacks - 1) / *stacks
			result, err := soakInChild(share, *seed+uint64(i))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("soak %d of %d insertions: %v", i, share, err)
			}
			sum = sum.plus(result)
		})
	}
	all.Wait()
	if sum.Insertions < *insertions {
		t.Errorf("%d insertions of %d", sum.Insertions, *insertions)
	}
	line, err := json.Marshal(struct {
		Name      string `json:"name"`
		Processes int    `json:"processes"`
		tally
	}{"pcsc.soak", *stacks, sum})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s\n", line)
}

func (t tally) plus(o tally) tally {
	t.Faults = maps.Clone(t.Faults)
	for name, n := range o.Faults {
		t.Faults[name] += n
	}
	t.Insertions, t.Served = t.Insertions+o.Insertions, t.Served+o.Served
	t.Seconds = max(t.Seconds, o.Seconds)
	t.Before, t.After = t.Before.plus(o.Before), t.After.plus(o.After)
	return t
}

func soakInChild(n int, seed uint64) (tally, error) {
	cmd := exec.Command(os.Args[0])
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that panics leaves none behind
	cmd.Env = append(os.Environ(), asSoak+"="+strconv.Itoa(n)+" "+strconv.FormatUint(seed, 10))
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return tally{}, fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	var result tally
	return result, json.Unmarshal(out, &result)
}
