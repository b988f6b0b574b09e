package serial_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/sync/wire"
)

var gateKey = bytes.Repeat([]byte{9}, 32)

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sitAtGate sits at a line that stays, with a log-in.
func sitAtGate(t testing.TB, key []byte, now func() time.Time) *desk {
	t.Helper()
	return sitAtGateOf(t, newStand(), key, now)
}

func sitAtGateOf(t testing.TB, s *stand, key []byte, now func() time.Time) *desk {
	t.Helper()
	k := keeper(t, nil)
	gate := serial.NewGate("ward7-1", key, now)
	return sitAt(t, func(ctx context.Context, line io.ReadWriter) error {
		return serial.New(serial.Config{Terminal: s, Log: new(serial.Log), Local: k}).Attend(ctx, line, gate)
	})
}

// challenged presses a key and reads the challenge.
func (d *desk) challenged() string {
	d.t.Helper()
	at := d.Row()
	d.Types("\r")
	d.WaitsBelow(at, "Answer: ")
	text := d.text()
	_, rest, _ := strings.Cut(text[strings.LastIndex(text, "Terminal ward7-1"):], "challenge ")
	shown, _, _ := strings.Cut(rest, ".")
	challenge, err := wire.ReadChallenge(shown)
	if err != nil {
		d.t.Fatalf("the challenge %q: %v", shown, err)
	}
	return challenge
}

func TestLogIn(t *testing.T) {
	s := newStand()
	d := sitAtGateOf(t, s, gateKey, nil)
	first := d.challenged()
	answer := wire.Spaced(wire.ConsoleAnswer(gateKey, "ward7-1", first))
	d.Says(answer[:5], "Answer: ")                                      // half of it
	d.Says(wire.ConsoleAnswer(gateKey, "ward7-2", first), "Answer: ")   // another terminal's
	d.Says(strings.ToLower(strings.ReplaceAll(answer, "0", "o")), "> ") // as people type
	d.Says("show faults", "> ")
	if got := s.heard(); len(got) != 1 || got[0] != "console.in" {
		t.Errorf("central was told %v", got)
	}
	d.Types("exit\r")
	if second := d.challenged(); second == first {
		t.Error("the challenge came again")
	}
	at := d.Row()
	d.Says(wire.ConsoleAnswer(gateKey, "ward7-1", first), "Answer: ") // what was right before
	text := d.text()
	for _, want := range []string{"mistyped: its last", "wrong.", "No faults."} {
		if !strings.Contains(text, want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	if strings.Contains(strings.Join(strings.Split(text, "\n")[at:], "\n"), "No faults") {
		t.Error("an old answer let somebody in")
	}
}

func TestWhoGuessesWaits(t *testing.T) {
	now := &clock{now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	s := newStand()
	d := sitAtGateOf(t, s, gateKey, now.Now)
	for _, rest := range []string{"1 min", "2 min", "4 min"} {
		challenge := d.challenged()
		wrong := wire.ConsoleAnswer(make([]byte, 32), "ward7-1", challenge)
		for range 4 {
			d.Says(wrong, "Answer: ")
		}
		d.Types(wrong + "\r")
		d.Sees("the wait of "+rest, func(p *serialtest.Paper) bool { return strings.Count(p.String(), "wrong.") >= 5 })
		d.Types("\r")
		d.Sees("the wait of "+rest, func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "try again in "+rest) })
		now.advance(5 * time.Minute)
	}
	d.Says(wire.ConsoleAnswer(gateKey, "ward7-1", d.challenged()), "> ")
	if got := strings.Join(s.heard(), " "); got != "console.wrong console.wrong console.wrong console.in" {
		t.Errorf("central was told %s", got)
	}
}

// counted is a line on which one key is pressed. It counts what has come when
// the prompt has.
type counted struct {
	keys   chan string
	said   []byte
	prompt chan int
}

func (c *counted) Read(buf []byte) (int, error) {
	key, ok := <-c.keys
	if !ok {
		return 0, io.EOF
	}
	return copy(buf, key), nil
}

func (c *counted) Write(text []byte) (int, error) {
	c.said = append(c.said, text...)
	if bytes.HasSuffix(c.said, []byte("Answer: ")) {
		select {
		case c.prompt <- len(c.said):
		default: // it was told
		}
	}
	return len(text), nil
}

// A key brings the prompt within 200 ms also on the slowest line, and to the
// terminal with the longest name. 30 ms of them are the program's.
func TestThePromptComesSoonAt9600Baud(t *testing.T) {
	const perSecond = 9600 / 10 // a byte with its start and its stop
	line := &counted{keys: make(chan string, 1), prompt: make(chan int, 1)}
	line.keys <- "\r"
	gate := serial.NewGate(strings.Repeat("w", 32), gateKey, nil) // wire.ValidID
	done := make(chan error)
	go func() {
		done <- serial.New(serial.Config{Terminal: newStand(), Log: new(serial.Log), Local: keeper(t, nil)}).Attend(t.Context(), line, gate)
	}()
	if took := time.Duration(<-line.prompt) * time.Second / perSecond; took > 170*time.Millisecond {
		t.Errorf("the prompt comes after %v", took)
	}
	close(line.keys)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestWithoutAKeyNobodyLogsIn(t *testing.T) {
	d := sitAtGate(t, nil, nil)
	d.Types("x")
	d.Sees("why", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "has no key for its console") })
}
