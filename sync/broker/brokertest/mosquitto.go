// Package brokertest runs a real Mosquitto for tests.
package brokertest

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"unlockpoint/sync/broker"
)

// binary is where Debian keeps it, outside the path of most users.
const binary = "/usr/sbin/mosquitto"

// Server is a Mosquitto on a loopback port of its own.
type Server struct {
	t     testing.TB
	addr  string
	enrol string // where terminals enrol; empty without certificates
	conf  string
	cmd   *exec.Cmd
	done  chan error
}

// Mosquitto starts one that serves the accounts and ends with the test.
func Mosquitto(t testing.TB, accounts []broker.Account) *Server {
	t.Helper()
	addr := FreeAddr(t)
	conf, err := broker.Mosquitto(t.TempDir(), broker.MosquittoConfig{Addr: addr, Accounts: accounts, RunAs: RunAs()})
	if err != nil {
		t.Fatal(err)
	}
	return Run(t, conf, addr)
}

// MosquittoTLS is Mosquitto with certificates; where terminals enrol it finds
// an address itself.
func MosquittoTLS(t testing.TB, accounts []broker.Account, secure broker.TLS) *Server {
	t.Helper()
	addr := FreeAddr(t)
	secure.EnrolAddr = FreeAddr(t)
	conf, err := broker.Mosquitto(t.TempDir(), broker.MosquittoConfig{Addr: addr, Accounts: accounts, RunAs: RunAs(), TLS: &secure})
	if err != nil {
		t.Fatal(err)
	}
	s := Run(t, conf, addr)
	s.enrol = secure.EnrolAddr
	return s
}

// Run starts one with a configuration that has it listen at addr.
func Run(t testing.TB, conf, addr string) *Server {
	t.Helper()
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%s is missing: run `make deps`", binary)
	}
	s := &Server{t: t, addr: addr, conf: conf}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// RunAs keeps a Mosquitto started by root root: the test's folder is root's.
func RunAs() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return ""
}

// Below ephemeral, ports are nobody's unless they were asked for: connections
// that go out begin above it (ip(7), ip_local_port_range).
const (
	lowest    = 20000
	ephemeral = 32768
)

// FreeAddr is a loopback address that nothing listens on, for a program that
// cannot find one itself.
func FreeAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowest+rand.IntN(ephemeral-lowest)))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}

// Addr is host:port, the same over Stop and Start.
func (s *Server) Addr() string { return s.addr }

// URL is the address as a client writes it.
func (s *Server) URL() string {
	if s.enrol != "" {
		return "mqtts://" + s.addr
	}
	return "mqtt://" + s.addr
}

// EnrolURL is where terminals enrol.
func (s *Server) EnrolURL() string { return "mqtts://" + s.enrol }

// PID is its process, the one that was started last.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Reload has it read other lists.
func (s *Server) Reload(accounts []broker.Account, secure broker.TLS) error {
	err := broker.MosquittoLists(filepath.Dir(s.conf), broker.MosquittoConfig{Accounts: accounts, RunAs: RunAs(), TLS: &secure})
	if err == nil {
		err = s.cmd.Process.Signal(syscall.SIGHUP)
	}
	return err
}

// Start starts it again after Stop and returns once it serves.
func (s *Server) Start() {
	s.t.Helper()
	s.cmd = exec.Command(binary, "-c", s.conf)
	says, err := s.cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	running := make(chan error, 1)
	s.done = make(chan error, 1)
	go func() {
		listen(bufio.NewScanner(says), running)
		s.done <- s.cmd.Wait()
	}()
	if err := <-running; err != nil {
		s.t.Fatal(err)
	}
}

// listen reads to the end and tells once whether Mosquitto came to serve.
func listen(lines *bufio.Scanner, running chan<- error) {
	told, last := false, ""
	for lines.Scan() {
		if last = lines.Text(); !told && strings.HasSuffix(last, " running") {
			running <- nil
			told = true
		}
	}
	if !told {
		running <- fmt.Errorf("mosquitto does not start: %s", last)
	}
}

// Stop kills it, as a power cut would, and waits for its end.
func (s *Server) Stop() {
	if s.done == nil {
		return
	}
	s.cmd.Process.Kill()
	<-s.done
	s.done = nil
}
