package serial_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"unlockpoint/device/health"
	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
)

// A line that is being typed stays whole, whatever else is written.
func TestWhatIsTypedStaysWhole(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand(), Log: new(serial.Log)})
	d.Waits("> ")
	d.Types("show ve?")
	d.Sees("the help below the line", func(p *serialtest.Paper) bool {
		return strings.Contains(p.String(), "  4  version") && p.Waits("> show ve")
	})
	d.Says("rsion", "> ")
	if !strings.Contains(d.text(), "0123456789ab of") {
		t.Error("the command was lost")
	}
	d.leaves()
}

// Noise, a BREAK, another speed and a lost escape sequence change nothing of
// what is typed after them.
func TestALineFullOfNoise(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand()})
	d.Waits("> ")
	d.Types("\x00\x00\xff\xfe\x80\xc3\x1b[\x1b[9;9;\xf0\x9f")
	d.Says("sh\x00ow \xe2\x82ver\xffsion", "> ")
	d.Types(strings.Repeat("x", 3000))
	d.Sees("the beginning of the long line", func(p *serialtest.Paper) bool { return strings.Count(p.String(), "x") > 150 })
	d.Types("\x03")
	d.Says("show version", "> ")
	if n := strings.Count(d.text(), "x"); n > 220 {
		t.Errorf("%d characters of noise are shown", n)
	}
	if n := strings.Count(d.text(), "0123456789ab of"); n != 2 {
		t.Errorf("the build is told %d times", n)
	}
	d.leaves()
}

// Control C ends what runs, and not the session.
func TestControlC(t *testing.T) {
	log := new(serial.Log)
	d := sit(t, serial.Config{Terminal: newStand(), Log: log})
	d.Waits("> ")
	at := d.Row()
	d.Types("log -f\r")
	d.Sees("the offer to end it", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "Any key") })
	d.Types("\x03")
	d.WaitsBelow(at, "> ")
	d.Types("\x04") // at an empty line: good bye
	d.over()
}

// No text of a terminal's is wider than the screen, and none holds anything
// but ASCII.
func TestEveryFaultFits(t *testing.T) {
	s := newStand()
	s.reading.Reader = health.Reader{Name: "\u00c5 reader \x1b[2J" + strings.Repeat("long ", 20)}
	s.reading.Link = health.Link{Why: strings.Repeat("no route to host ", 9)}
	s.reading.Store = health.Store{SetAside: "store.damaged-1", Waiting: 5000, Free: 1 << 20}
	s.reading.Clock.Floor = s.reading.At.AddDate(1, 0, 0)
	s.reading.Policy = 0
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	for _, line := range []string{"show status", "show link", "test reader", "test clock"} {
		d.Says(line, "> ")
	}
	for i, row := range strings.Split(d.text(), "\n") {
		if len(row) >= serialtest.Columns || strings.Trim(row, printable) != "" {
			t.Errorf("row %d: %q", i, row)
		}
	}
	d.leaves()
}

var printable = func() (all string) {
	for c := ' '; c <= '~'; c++ {
		all += fmt.Sprintf("%c", c)
	}
	return all
}()

// Whatever a line brings, the session ends with it, and what it says is ASCII
// and the few sequences that every screen knows.
func FuzzSession(f *testing.F) {
	f.Add("show status\rtest all\r?\t\x1b[A\r")
	f.Add("set broker mqtt://x:1\rcommit confirmed 5\rcommit\rrollback 1\rcompare\r")
	f.Add("factory-reset\rforget\r")
	f.Add("monitor keys\r\x00\xff\x1b[24;80Rlog -f\r\x03report\r")
	f.Fuzz(func(t *testing.T, typed string) {
		s := newStand()
		s.reading.Reader.Card = true // no test waits for hands
		s.reading.Link.Broker = ""   // none goes over a network
		var said bytes.Buffer
		line := struct {
			io.Reader
			io.Writer
		}{strings.NewReader(typed), &said}
		cfg := serial.Config{Terminal: s, Machine: new(board), Log: new(serial.Log), Local: keeper(t, nil)}
		if err := serial.New(cfg).Serve(t.Context(), line); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(said.String(), func(r rune) bool { return r > '~' || r < ' ' && !strings.ContainsRune("\r\n\a\x1b", r) }); i >= 0 {
			t.Errorf("it says %q", said.String()[i:])
		}
	})
}
