// Package pcscd runs a private PC/SC service with virtual readers, for programs
// and tests that play the card and want all else real: pcscd, libpcsclite and
// the vpcd driver.
//
// Its word: a [Service] is one pcscd with its own socket and ports. Services
// run side by side and leave the machine's own pcscd alone. A program becomes
// a client by its environment ([Service.Env]).
package pcscd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Service is a running pcscd with two virtual readers.
type Service struct {
	// Env is what a program needs in its environment to use this service.
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

// Start runs a service with its files in dir, until Down. The path of dir has
// to be short: a socket's name holds 107 bytes.
func Start(dir string) (*Service, error) {
	if err := installed(); err != nil {
		return nil, err
	}
	port, err := freePorts()
	if err != nil {
		return nil, fmt.Errorf("finding ports for virtual readers: %w", err)
	}
	s := &Service{
		dir:     dir,
		Readers: []string{"Virtual PCD 00 00", "Virtual PCD 00 01"},
		Slots:   []string{address(port), address(port + 1)},
	}
	s.Env = []string{"PCSCLITE_CSOCK_NAME=" + s.Socket()}
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
func (s *Service) configure(port int) error {
	for _, folder := range []string{"conf", "run"} {
		if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o755); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n", port, driver, port)
	return os.WriteFile(filepath.Join(s.dir, "conf", "vpcd"), []byte(text), 0o644)
}

// Socket is where clients reach the service.
func (s *Service) Socket() string { return filepath.Join(s.dir, "run", "pcscd.comm") }

// Command makes a command that uses the service.
func (s *Service) Command(name string, arg ...string) *exec.Cmd {
	cmd := exec.Command(name, arg...)
	cmd.Env = append(os.Environ(), s.Env...)
	return cmd
}

// Up starts pcscd, after Down; a running one is left alone.
func (s *Service) Up() error {
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
func (s *Service) ready() error {
	const poll = 5 * time.Millisecond // another process tells in no other way
	tick := time.NewTicker(poll)
	defer tick.Stop()
	limit := time.After(startLimit)
	for {
		conn, err := net.Dial("unix", s.Socket())
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
func (s *Service) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		s.process.stop()
		s.process = nil
	}
}

// Crash ends pcscd at once, whatever it is at; Up starts it again.
func (s *Service) Crash() error {
	if err := s.signal(syscall.SIGKILL); err != nil {
		return err
	}
	s.Down()
	return nil
}

// Freeze stops pcscd where it is, as one that hangs, until Thaw.
func (s *Service) Freeze() error { return s.signal(syscall.SIGSTOP) }

// Thaw lets a frozen pcscd go on.
func (s *Service) Thaw() error { return s.signal(syscall.SIGCONT) }

// signal goes to pcscd itself, not to the shell around it.
func (s *Service) signal(sig syscall.Signal) error {
	text, err := os.ReadFile(filepath.Join(s.dir, "run", "pcscd.pid"))
	if err != nil {
		return fmt.Errorf("finding pcscd: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimRight(string(text), "\n\x00"))
	if err != nil {
		return fmt.Errorf("finding pcscd: %w", err)
	}
	return syscall.Kill(pid, sig)
}
