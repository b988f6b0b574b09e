// Package pcsctest runs a private PC/SC service with virtual readers, so that
// tests meet the real thing: pcscd, libpcsclite and the vpcd driver, and only
// the card is played.
//
// Its word: a [Stack] is one pcscd with its own socket and ports. Stacks run
// side by side and leave the machine's own pcscd alone. A program joins a
// stack by its environment ([Stack.Env]); the test itself by [Stack.Join].
package pcsctest

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Stack is a running pcscd with two virtual readers.
type Stack struct {
	// Env is what a program needs in its environment to use this stack.
	Env []string
	// Readers are the names of the readers, Slots the addresses where
	// simcard.Dial puts a card into each.
	Readers []string
	Slots   []string

	dir     string
	mu      sync.Mutex
	process *process
}

// driver is where Debian's vsmartcard-vpcd puts vpcd.
const driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

// startLimit is generous: pcscd starts in 50 ms on an idle machine.
const startLimit = 30 * time.Second

// Start runs a stack until the test ends. Without pcscd and vpcd the test
// fails.
func Start(t testing.TB) *Stack {
	t.Helper()
	s, err := StartIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// StartIn runs a stack with its files in dir, until Stop. The path of dir has
// to be short: a socket's name holds 107 bytes.
func StartIn(dir string) (*Stack, error) {
	if err := installed(); err != nil {
		return nil, err
	}
	port, err := freePorts()
	if err != nil {
		return nil, fmt.Errorf("finding ports for virtual readers: %w", err)
	}
	s := &Stack{
		dir:     dir,
		Readers: []string{"Virtual PCD 00 00", "Virtual PCD 00 01"},
		Slots:   []string{address(port), address(port + 1)},
	}
	s.Env = []string{"PCSCLITE_CSOCK_NAME=" + s.socket()}
	if err := s.configure(port); err != nil {
		return nil, err
	}
	return s, s.Up()
}

func installed() error {
	for _, name := range []string{"unshare", "mount"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%s is not installed: it is part of util-linux and mount", name)
		}
	}
	_, err := exec.LookPath("pcscd")
	if _, missing := os.Stat(driver); err != nil || missing != nil {
		return errors.New("pcscd or vpcd is not installed: run `make deps`")
	}
	return nil
}

// configure writes the reader configuration: vpcd takes the first of its two
// ports from the channel.
func (s *Stack) configure(port int) error {
	for _, folder := range []string{"conf", "run"} {
		if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o755); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n", port, driver, port)
	return os.WriteFile(filepath.Join(s.dir, "conf", "vpcd"), []byte(text), 0o644)
}

// Ports below those that Linux gives to outgoing connections, which could
// otherwise take one between our look and vpcd's.
const (
	lowestPort = 20000
	portPairs  = 6000
)

// freePorts returns the first of two free ports that follow each other.
func freePorts() (int, error) {
	const attempts = 50
	for range attempts {
		port := lowestPort + 2*rand.IntN(portPairs)
		if free(port) && free(port+1) {
			return port, nil
		}
	}
	return 0, errors.New("no two neighbours are free")
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	return err == nil && l.Close() == nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// Join makes the test process itself a client of this stack, until the test
// ends. A process has one environment, so that tests which join may not run in
// parallel. libpcsclite reads its environment once: the name it gets is the
// process's own and leads on to the stack of the day.
func (s *Stack) Join(t testing.TB) {
	t.Helper()
	name := filepath.Join(os.TempDir(), fmt.Sprintf("pcsctest-%d.comm", os.Getpid()))
	t.Setenv("PCSCLITE_CSOCK_NAME", name)
	os.Remove(name) // of a process that had our number
	if err := os.Symlink(s.socket(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(name) })
}

func (s *Stack) socket() string { return filepath.Join(s.dir, "run", "pcscd.comm") }

// Command makes a command that runs inside the stack.
func (s *Stack) Command(name string, arg ...string) *exec.Cmd {
	cmd := exec.Command(name, arg...)
	cmd.Env = append(os.Environ(), s.Env...)
	return cmd
}

// Up starts pcscd, after Down; a running one is left alone.
func (s *Stack) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return nil
	}
	p, err := launch(s.dir)
	if err != nil {
		return fmt.Errorf("starting pcscd: %w", err)
	}
	s.process = p
	if err := s.ready(); err != nil {
		p.stop()
		s.process = nil
		return fmt.Errorf("starting pcscd: %w: %s", err, p.said())
	}
	return nil
}

// ready waits until pcscd takes clients.
func (s *Stack) ready() error {
	const poll = 5 * time.Millisecond // another process tells in no other way
	tick := time.NewTicker(poll)
	defer tick.Stop()
	limit := time.After(startLimit)
	for {
		conn, err := net.Dial("unix", s.socket())
		if err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-s.process.done:
			return errors.New("it ended")
		case <-limit:
			return err
		}
	}
}

// Down stops pcscd, as an update or a crash of it does; Up starts it again
// with the same socket and ports.
func (s *Stack) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		s.process.stop()
		s.process = nil
	}
}

// Stop ends the stack.
func (s *Stack) Stop() { s.Down() }

// process is pcscd in a mount namespace of its own.
type process struct {
	cmd   *exec.Cmd
	hold  io.Closer // pcscd runs until this is closed, or we die
	done  chan struct{}
	words *tail
}

// script gives pcscd a /run of its own, as its socket's name is fixed, with
// our folder in it. It ends pcscd at the end of its input: a pipe that the
// kernel closes even if the test is killed.
const script = `set -e
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind "$1/run" /run/pcscd
rm -f /run/pcscd/*
pcscd --foreground --config "$1/conf" </dev/null &
child=$!
( cat <&3; kill $child ) >/dev/null 2>&1 &
exec 3<&-
wait $child
`

func launch(dir string) (*process, error) {
	arg := []string{"--mount"}
	if os.Geteuid() != 0 {
		arg = append(arg, "--user", "--map-root-user")
	}
	p := &process{done: make(chan struct{}), words: &tail{}}
	p.cmd = exec.Command("unshare", append(arg, "sh", "-c", script, "sh", dir)...)
	p.cmd.Stdout, p.cmd.Stderr = p.words, p.words
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	p.cmd.ExtraFiles = []*os.File{read} // descriptor 3
	p.hold = write
	if err := p.cmd.Start(); err != nil {
		write.Close()
		return nil, err
	}
	go func() {
		p.cmd.Wait() // however it ends, it is over
		close(p.done)
	}()
	return p, nil
}

func (p *process) stop() {
	p.hold.Close()
	<-p.done
}

func (p *process) said() string { return p.words.String() }

// tail keeps the last words of a process, for the error message.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailLength = 2000

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if n := len(t.text); n > tailLength {
		t.text = t.text[n-tailLength:]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
