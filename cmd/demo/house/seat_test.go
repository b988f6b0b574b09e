package house_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/device/serial"
)

// seat is an engineer's, at the console of a house's terminal.
type seat struct {
	t       *testing.T
	console *serial.Console
	said    bytes.Buffer // all that the console ever said
}

// behind is what is typed behind some commands.
var behind = map[string]string{
	"log": "500", "commit": "confirmed 5",
	"set broker": "default", "set address": "dhcp", "set gateway": "none", "set dns": "none",
}

// replies are what is typed where the console waits, by what it said last. What
// hands are needed for is stopped.
var replies = map[string]string{
	"panel show? ":                      "0\r",
	"Type yes to go on: ":               "yes\r",
	"Type forget to go on: ":            "forget\r",
	"Any key ends it.\r\n":              " ",
	"it beeps.\r\n":                     ctrlC,
	"a finger's width apart.\r\n":       ctrlC,
	"different keys of the keypad.\r\n": ctrlC,
}

const ctrlC = "\x03"

// typist is a line on which commands are typed one after the other, each where
// the console waits for one.
type typist struct {
	commands []string // that are left
	keys     chan []byte
	heard    string
	also     io.Writer
}

func (l *typist) Read(buf []byte) (int, error) {
	keys, ok := <-l.keys
	if !ok {
		return 0, io.EOF
	}
	return copy(buf, keys), nil
}

func (l *typist) Write(text []byte) (int, error) {
	if len(text) == 0 {
		return 0, nil
	}
	l.heard += string(text)
	if keys := l.wanted(); keys != "" {
		l.keys <- []byte(keys)
	}
	return l.also.Write(text)
}

// wanted is what is to be typed now, if anything.
func (l *typist) wanted() string {
	if strings.HasSuffix(l.heard, "\n> ") {
		command := "exit"
		if len(l.commands) > 0 {
			command, l.commands = l.commands[0], l.commands[1:]
		}
		return strings.TrimSpace(command+" "+behind[command]) + "\r"
	}
	for said, keys := range replies {
		if strings.HasSuffix(l.heard, said) {
			return keys
		}
	}
	return ""
}

// asksAll types every command that the console has. Some of them end the
// session: then the next one begins.
func (s *seat) asksAll() {
	s.t.Helper()
	for commands := s.console.Commands(); len(commands) > 0; {
		l := &typist{commands: commands, keys: make(chan []byte, 16), also: &s.said}
		if err := s.console.Serve(s.t.Context(), l); err != nil {
			s.t.Fatal(err)
		}
		close(l.keys)
		commands = l.commands
	}
}

// still is a machine of which nothing becomes.
type still struct{}

var _ serial.Machine = still{}

func (still) Reboot(context.Context) error              { return nil }
func (still) Forget(context.Context) error              { return nil }
func (still) Calibrate(context.Context) error           { return nil }
func (still) Hardware(context.Context, io.Writer) error { return nil }
func (still) End()                                      {}

// listener is a line that stays open, for what takes long.
type listener struct {
	keys *io.PipeReader
	mu   sync.Mutex
	said bytes.Buffer
}

func (l *listener) Read(buf []byte) (int, error) { return l.keys.Read(buf) }

func (l *listener) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.Write(text)
}

func (l *listener) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.String()
}

// patience is how long the console may take for one command.
const patience = 2 * time.Minute

// watches has an engineer type a command that takes long. What it returns waits
// until the console has said something, ends the command and the session, and
// returns all that was said.
func (s *seat) watches(command string) (ends func(said string) string) {
	keys, hands := io.Pipe()
	l := &listener{keys: keys}
	var session sync.WaitGroup
	session.Go(func() { s.console.Serve(s.t.Context(), l) })
	io.WriteString(hands, command+"\r")
	return func(said string) string {
		s.t.Helper()
		for began := time.Now(); !strings.Contains(l.text(), said); time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > patience {
				s.t.Fatalf("%s does not say %q:\n%s", command, said, l.text())
			}
		}
		io.WriteString(hands, ctrlC)
		hands.Close()
		session.Wait()
		s.said.WriteString(l.text())
		return l.text()
	}
}

// handles makes the tests that take hands, with hands.
func (s *seat) handles(l living) {
	s.t.Helper()
	ends := s.watches("test touch")
	l.await(s.t, "test.touch")
	for x := range 4 {
		l.post(s.t, "/terminal/touch", map[string]int{"x": 100 + 50*x, "y": 100})
	}
	ends("passed   touch")
	ends = s.watches("test keypad")
	l.await(s.t, "test.keypad")
	for _, key := range []string{"1", "2", "3", "4"} {
		l.post(s.t, "/terminal/key", map[string]string{"key": key})
	}
	ends("passed   keypad")
}
