// Package brokertest runs a real Mosquitto for tests.
package brokertest

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"unlockpoint/sync/broker"
)

// binary is where Debian keeps it, outside the path of most users.
const binary = "/usr/sbin/mosquitto"

// Server is a Mosquitto on a loopback port of its own.
type Server struct {
	t    testing.TB
	addr string
	conf string
	cmd  *exec.Cmd
	done chan error
}

// Mosquitto starts one that serves the accounts and ends with the test.
func Mosquitto(t testing.TB, accounts []broker.Account) *Server {
	t.Helper()
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%s is missing: run `make deps`", binary)
	}
	s := &Server{t: t, addr: freeAddr(t)}
	conf, err := broker.Mosquitto(t.TempDir(), broker.MosquittoConfig{Addr: s.addr, Accounts: accounts, RunAs: runAs()})
	if err != nil {
		t.Fatal(err)
	}
	s.conf = conf
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// runAs keeps a Mosquitto started by root root: the test's folder is root's.
func runAs() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return ""
}

// freeAddr is a port that was free a moment ago.
func freeAddr(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Addr is host:port, the same over Stop and Start.
func (s *Server) Addr() string { return s.addr }

// URL is the address as a client writes it.
func (s *Server) URL() string { return "mqtt://" + s.addr }

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
	running := make(chan bool, 1)
	s.done = make(chan error, 1)
	go func() {
		listen(bufio.NewScanner(says), running)
		s.done <- s.cmd.Wait()
	}()
	if !<-running {
		s.t.Fatal("mosquitto does not start")
	}
}

// listen reads to the end and tells once whether Mosquitto came to serve.
func listen(lines *bufio.Scanner, running chan<- bool) {
	told := false
	for lines.Scan() {
		if !told && strings.HasSuffix(lines.Text(), " running") {
			running <- true
			told = true
		}
	}
	if !told {
		running <- false
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
