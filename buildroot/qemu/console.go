//go:build qemu

package qemu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// prompt is what the guest's shell says when it waits (init.sh).
const prompt = "guest# "

// console is a line with something of the guest's at its other end: a shell, on
// the serial one, if it is no appliance. What comes is taken off the line at
// once, wanted or not: a line that nobody reads would stop the whole guest.
type console struct {
	conn  net.Conn
	mu    sync.Mutex // over what follows
	all   bytes.Buffer
	also  io.Writer // who else is shown what comes; nil: nobody
	ended bool
	grown chan struct{} // closed at the next change
}

func openConsole(conn net.Conn) *console {
	c := &console{conn: conn, grown: make(chan struct{})}
	go func() {
		io.Copy(c, conn)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended = true
		close(c.grown)
	}()
	return c
}

// Write takes what came over the line.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all.Write(p)
	if c.also != nil {
		c.also.Write(p)
	}
	close(c.grown)
	c.grown = make(chan struct{})
	return len(p), nil
}

// shows lets somebody see all that came, and what will.
func (c *console) shows(to io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	to.Write(c.all.Bytes())
	c.also = to
}

// String is all that ever came, for who wonders why a test failed.
func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all.String()
}

// expect waits for words after a place in what came, and returns what is
// before them and the place behind them.
func (c *console) expect(ctx context.Context, words string, from int) (string, int, error) {
	for {
		c.mu.Lock()
		said, grown, ended := string(c.all.Bytes()[from:]), c.grown, c.ended
		c.mu.Unlock()
		if before, _, ok := strings.Cut(said, words); ok {
			return before, from + len(before) + len(words), nil
		}
		if ended {
			return "", from, fmt.Errorf("the machine went off before it said %q", words)
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return "", from, fmt.Errorf("waited for the console to say %q: %w", words, ctx.Err())
		}
	}
}

// up waits for the shell.
func (c *console) up(ctx context.Context) error {
	_, _, err := c.expect(ctx, prompt, 0)
	return err
}

// run has the shell run a command, and returns what it said. A command that
// fails is an error.
func (c *console) run(ctx context.Context, command string) (string, error) {
	from := len(c.String())
	// The mark is broken up, so that the echo of the line is not taken for it.
	if _, err := fmt.Fprintf(c.conn, "%s\necho ex\"\"it $?.\n", command); err != nil {
		return "", fmt.Errorf("write to the console: %w", err)
	}
	said, at, err := c.expect(ctx, "exit ", from)
	if err != nil {
		return "", err
	}
	status, at, err := c.expect(ctx, ".", at)
	if err != nil {
		return "", err
	}
	if _, _, err := c.expect(ctx, prompt, at); err != nil {
		return "", err
	}
	_, said, _ = strings.Cut(strings.ReplaceAll(said, "\r", ""), "\n")
	said = said[:max(0, strings.LastIndex(said, prompt))] // without the echo of either line
	if code, err := strconv.Atoi(status); err != nil || code != 0 {
		return said, errors.New(command + ": exit " + status + ": " + said)
	}
	return said, nil
}
