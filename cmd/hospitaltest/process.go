package hospitaltest

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Patience bounds every wait for something that does come. A loaded machine is
// slow; nothing here measures time.
const Patience = 2 * time.Minute

// Await asks again and again for something that another process does.
func Await(t testing.TB, what string, done func() bool) {
	t.Helper()
	end := time.Now().Add(Patience)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !done() {
		if (<-again.C).After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// programs builds the programs once for all tests of a package.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "unlockpoint")
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir, "unlockpoint/cmd/central", "unlockpoint/cmd/terminal", "unlockpoint/cmd/fleet").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return dir, nil
})

// Program is the file of central, terminal or fleet, built for this machine.
func Program(t testing.TB, name string) string {
	t.Helper()
	dir, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// Process is a running program whose output is kept for the failing test.
type Process struct {
	Cmd  *exec.Cmd
	Done chan struct{} // closed at its end
	Log  *Log
}

// Start starts a program that is killed at the test's end.
func Start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{Cmd: cmd, Done: make(chan struct{}), Log: new(Log)}
	cmd.Stdout, cmd.Stderr = p.Log, p.Log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { cmd.Wait(); close(p.Done) }()
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(cmd.Path), p.Log)
		}
	})
	return p
}

// Kill is a power cut.
func (p *Process) Kill() {
	p.Cmd.Process.Signal(syscall.SIGKILL)
	<-p.Done
}

// Stop ends it as an administrator does.
func (p *Process) Stop(t testing.TB) {
	t.Helper()
	p.Cmd.Process.Signal(syscall.SIGTERM)
	<-p.Done
	if !p.Cmd.ProcessState.Success() {
		t.Errorf("stopped with %v:\n%s", p.Cmd.ProcessState, p.Log)
	}
}

// Peak is the most memory that the program ever held, in MiB: VmHWM of
// proc_pid_status(5).
func (p *Process) Peak(t testing.TB) float64 {
	t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", p.Cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for line := bufio.NewScanner(file); line.Scan(); {
		var kib float64
		if _, err := fmt.Sscanf(line.Text(), "VmHWM: %f kB", &kib); err == nil {
			return kib / 1024
		}
	}
	t.Fatal("the kernel does not say how much memory the program held")
	return 0
}

// CPU is the time that processors have spent on the program: utime and stime of
// proc_pid_stat(5), to a hundredth of a second.
func (p *Process) CPU(t testing.TB) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may hold anything
	fields := strings.Fields(after)
	var ticks time.Duration
	for _, field := range fields[11:13] { // 14 and 15, of which two are cut off
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatalf("the kernel says that the program ran for %q ticks", field)
		}
		ticks += time.Duration(n)
	}
	return ticks * time.Second / 100 // USER_HZ
}

// Log is what a program says, while it says it.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write is for the program.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all until now.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
