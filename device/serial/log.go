package serial

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	keptLines  = 500 // some hours of a terminal at its usual level
	longestLog = 400 // characters of a line; more is cut
)

// Log is the newest of a terminal's log, for those who look at it here: an
// io.Writer that takes whole lines, as package slog writes them.
type Log struct {
	mu        sync.Mutex
	lines     []string
	followers []chan string
}

var _ io.Writer = (*Log)(nil)

// Write implements io.Writer. It does not wait: a follower who is slow, as a
// line of 9600 baud is, misses some.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(text) {
		l.add(string(bytes.TrimRight(line, "\n")))
	}
	return len(text), nil
}

func (l *Log) add(line string) {
	line = plain(line[:min(len(line), longestLog)])
	l.lines = append(l.lines, line)
	if len(l.lines) > keptLines {
		l.lines = slices.Delete(l.lines, 0, len(l.lines)-keptLines)
	}
	for _, f := range l.followers {
		select {
		case f <- line:
		default:
		}
	}
}

// Lines are all that is kept, the oldest first.
func (l *Log) Lines() []string { return l.last(keptLines) }

// last are the newest lines, the oldest of them first.
func (l *Log) last(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[max(0, len(l.lines)-n):])
}

// follow gives lines as they are written, until ctx ends.
func (l *Log) follow(ctx context.Context) <-chan string {
	f := make(chan string, 64)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.followers = append(l.followers, f)
	context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.followers = slices.DeleteFunc(l.followers, func(one chan string) bool { return one == f })
	})
	return f
}

// log prints the newest lines, or follows.
func (s *session) log(ctx context.Context, args []string) error {
	lines := 15
	switch {
	case len(args) == 1 && args[0] == "-f":
		return watch(ctx, s, s.cfg.Log.follow(ctx), func(line string) { s.Printf("%s\n", line) })
	case len(args) == 1:
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 1 {
			return fmt.Errorf("log %s: write a number of lines, or -f to follow", args[0])
		}
		lines = n
	}
	_, err := fmt.Fprintln(screen{ctx, s.port}, strings.Join(s.cfg.Log.last(lines), "\n"))
	return err
}

// watch prints what comes, until a key is pressed or nobody has for as long as
// a session may be idle.
func watch[T any](ctx context.Context, s *session, from <-chan T, print func(T)) error {
	s.pager.room = endless // it goes on until a key is pressed
	s.Printf("Any key ends it.\n")
	idle := time.NewTimer(s.cfg.Idle)
	defer idle.Stop()
	for {
		select {
		case one := <-from:
			print(one)
		case <-s.in:
			return nil
		case <-idle.C:
			return nil
		case <-s.ended:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
