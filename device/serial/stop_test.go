package serial_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
)

// Control C at a question is no answer, and means no.
func TestControlCAtAQuestionMeansNo(t *testing.T) {
	s, b := newStand(), new(board)
	d := sit(t, serial.Config{Terminal: s, Machine: b})
	d.Waits("> ")
	for _, command := range []string{"reboot", "factory-reset", "test panel"} {
		question := "to go on: "
		if command == "test panel" {
			question = "panel show? "
		}
		at := d.Row()
		d.Types(command + "\r")
		d.Waits(question)
		d.Types("forget\x03")
		d.WaitsBelow(at+1, "> ")
		d.Says("show version", "> ")
	}
	if len(b.did) > 0 {
		t.Errorf("the machine did %s", b.did)
	}
	if n := strings.Count(d.text(), "Nothing was done."); n != 2 {
		t.Errorf("it was said %d times that nothing was done", n)
	}
	if n := strings.Count(d.text(), "0123456789ab of"); n != 3 {
		t.Errorf("of 3 commands after the questions, %d were done", n)
	}
	if !strings.Contains(d.text(), "skipped  panel               it was stopped") {
		t.Error("a panel that nobody looked at was judged")
	}
	d.leaves()
}

// A test that is stopped has found no fault.
func TestATestThatIsStoppedHasNotFailed(t *testing.T) {
	s := newStand()
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	for _, part := range []string{"touch", "keypad"} {
		at := d.Row()
		d.Types("test " + part + "\r")
		<-s.shown
		d.Sees("what to do", func(p *serialtest.Paper) bool { return p.Row() > at+1 })
		d.Types("\x03")
		d.WaitsBelow(at, "> ")
	}
	if text := d.text(); strings.Contains(text, "FAILED") || strings.Count(text, "it was stopped") != 2 {
		t.Error("who stops a test is told of a fault")
	}
	d.leaves()
}

// reel is a line at whose end Control C is pressed once it has brought a text.
type reel struct {
	keys chan string
	at   string // the text
	said strings.Builder
}

func (r *reel) Read(buf []byte) (int, error) {
	keys, ok := <-r.keys
	if !ok {
		return 0, io.EOF
	}
	return copy(buf, keys), nil
}

func (r *reel) Write(text []byte) (int, error) {
	r.said.Write(text)
	if r.at != "" && strings.Contains(r.said.String(), r.at) {
		r.at = ""
		r.keys <- "\x03"
		r.keys <- "" // taken once that was seen to
		close(r.keys)
	}
	return len(text), nil
}

// What takes minutes at 9600 baud ends at once.
func TestControlCEndsALongText(t *testing.T) {
	log := new(serial.Log)
	for i := range 500 {
		fmt.Fprintf(log, "line %d.\n", i)
	}
	for command, c := range map[string]struct{ at, after string }{
		"report":      {`"faults"`, `"program"`},
		"log 500":     {"line 3.", "line 4."},
		"show config": {"third", "fourth"},
	} {
		r := &reel{keys: make(chan string), at: c.at}
		go func() { r.keys <- command + "\r" }()
		cfg := serial.Config{Terminal: newStand(), Local: keeper(t, nil), Log: log, Settings: "first\nsecond\nthird\nfourth"}
		if err := serial.New(cfg).Serve(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if said := r.said.String(); !strings.Contains(said, c.at) || strings.Contains(said, c.after) {
			t.Errorf("%s goes on:\n%s", command, said[max(0, len(said)-200):])
		}
	}
}
