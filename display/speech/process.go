package speech

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// process is a program that speaks, with all that it has started. The zero
// value is none.
type process struct {
	cmd  *exec.Cmd
	done chan error // its end, once
}

// begin starts a program in a process group of its own and gives it a text.
func begin(args []string, text string) (process, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(text)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said complaint
	cmd.Stderr = &said
	cmd.WaitDelay = time.Second // for what has left the group, and complains still
	if err := cmd.Start(); err != nil {
		return process{}, err
	}
	done := make(chan error, 1)
	go func() { done <- said.of(cmd.Wait()) }()
	return process{cmd, done}, nil
}

func (p process) on() bool { return p.cmd != nil }

// end kills the group and waits until it is gone.
func (p process) end() {
	if !p.on() {
		return
	}
	select {
	case <-p.done: // the number of the group may be somebody else's by now
		return
	default:
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // or it is gone this moment
	<-p.done
}

// complaint is the first line that a program writes to its standard error.
type complaint struct{ text bytes.Buffer }

// enough is as much of it as anybody reads.
const enough = 500

// Write implements io.Writer.
func (c *complaint) Write(b []byte) (int, error) {
	c.text.Write(b[:min(len(b), enough-c.text.Len())])
	return len(b), nil
}

// of is how a process ended: some say what is wrong and end well.
func (c *complaint) of(err error) error {
	said, _, _ := strings.Cut(strings.TrimSpace(c.text.String()), "\n")
	switch {
	case said == "":
		return err
	case err == nil:
		return fmt.Errorf("it says %q", said)
	}
	return fmt.Errorf("%w: it says %q", err, said)
}
