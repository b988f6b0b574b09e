package serial_test

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/display"
)

func TestTheBannerHasTheFaultsFirst(t *testing.T) {
	s := newStand()
	s.reading.Reader = health.Reader{}
	s.reading.Link = health.Link{Broker: s.reading.Link.Broker, Why: "connecting: dial tcp: no route to host"}
	s.reading.Store.Free = 100 << 20
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	d.golden("banner")
	d.leaves()
}

// A terminal whose disk is full has a console, with what needs no terminal.
func TestATerminalThatDoesNotRunSaysWhy(t *testing.T) {
	b := new(board)
	d := sit(t, serial.Config{Stopped: []health.Fault{health.Known(health.StoreFull)}, Bare: newStand(), Machine: b, Log: new(serial.Log)})
	d.Waits("> ")
	d.Says("hardware", "> ")
	d.Says("test", "test> ")
	d.Says("reader", "test> ")
	d.Says("0", "> ")
	d.Says("show", "> ")
	d.Says("reboot", "go on: ")
	d.Says("no", "> ")
	goldenText(t, "stopped", d.text())
	d.Says("factory-reset", "go on: ")
	d.Types("forget\r")
	d.over()
	d.Sees("that central was not told", func(p *serialtest.Paper) bool {
		return strings.Contains(p.String(), "Central does not know of it")
	})
	if got := fmt.Sprint(b.did); got != "[forget end]" {
		t.Errorf("the machine did %s", got)
	}
}

// The menu and the command line are one: numbers, whole words, their
// beginnings, question mark and tab.
func TestTheMenuIsTheCommandLine(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand()})
	d.Waits("> ")
	for _, line := range []string{"show version", "sh ver", "1 4", "  show   version  ", "shw", "s x", "show st", "0"} {
		d.Says(line, "> ")
	}
	d.Types("?")
	d.Sees("the menu", func(p *serialtest.Paper) bool {
		return strings.Contains(p.String(), "> ?") && strings.Contains(p.String(), "end the session") && p.Waits("> ")
	})
	d.Types("sh\t")
	d.Waits("> show ")
	d.Types("st\t")
	d.Sees("both", func(p *serialtest.Paper) bool {
		return strings.Contains(p.String(), "  6  store") && p.Waits("> show st")
	})
	d.Types("a\t?")
	d.Sees("the command's words", func(p *serialtest.Paper) bool { return p.Waits("> show status ") })
	d.Types("\x15")
	d.Waits("> ")
	d.Says("\x1b[A\x1b[A", "> ") // the one before the last
	d.Says("1", "show> ")
	d.Says("2", "show> ")
	d.Says("test clock", "show> ")
	goldenText(t, "menu", afterBanner(d.text()))
	d.leaves()
}

func TestShow(t *testing.T) {
	s := newStand()
	s.reading.Face[1].Times = 4
	s.reading.Face[2].Down, s.reading.Face[2].Cause = 3*time.Minute, "read register 0x12: remote I/O error"
	d := sit(t, serial.Config{Terminal: s, Settings: "[broker]\nurl = \"mqtts://broker.trust.example:8883\"\n"})
	d.Waits("> ")
	d.Says("show", "show> ")
	for _, what := range []string{"status", "faults", "page", "version", "link", "store", "reader", "face", "config"} {
		d.Says(what, "show> ")
	}
	d.Says("0", "> ")
	goldenText(t, "show", afterBanner(d.text()))
	d.leaves()
}

// What a page says to somebody who is served is not an engineer's to read.
func TestShowPageSaysNothingOfAPerson(t *testing.T) {
	s := newStand()
	s.reading.Reader.Card = true
	s.page = display.Page{ID: "unlock.code", Title: "Enter the code", Body: []string{"We sent it to a...@nhs.net."}}
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	d.Says("show page", "> ")
	if text := d.text(); strings.Contains(text, "nhs.net") || !strings.Contains(text, "unlock.code") {
		t.Error("the page is shown")
	}
	d.leaves()
}

// took is what a test measures: different each time.
var took = regexp.MustCompile(`\d+ ms|127\.0\.0\.1:\d+`)

func TestTests(t *testing.T) {
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	s := newStand()
	s.reading.Link.Broker = "mqtt://" + broker.Addr().String()
	s.reading.Reader.Card, s.reading.Reader.Profile, s.reading.Reader.Commands, s.reading.Reader.Slowest = false, "", 0, 0
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	for _, what := range []string{"reader", "card", "store", "clock", "mqtt", "central"} {
		d.Says("test "+what, "> ")
	}
	s.reading.Reader = health.Reader{Name: "ACS ACR39U", Card: true, Profile: "piv", Commands: 12, Slowest: 3 * time.Second}
	s.reading.Clock.Floor = s.reading.At.Add(time.Hour)
	s.reading.Link = health.Link{Broker: s.reading.Link.Broker, Why: "connecting: not Authorized"}
	s.store, s.central = errors.New("probe the store: input/output error"), errors.New("ask registry.page: central cannot be reached")
	for _, what := range []string{"panel", "reader", "card", "store", "clock", "mqtt", "central"} {
		d.Says("test "+what, "> ")
	}
	d.leaves()
	goldenText(t, "test", took.ReplaceAllString(afterBanner(d.text()), "*"))
}

// "test all" is each of the tests, in their order, and how many failed.
func TestAllTests(t *testing.T) {
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	s := newStand()
	s.reading.Link.Broker, s.central = "mqtt://"+broker.Addr().String(), errors.New("ask registry.page: central cannot be reached")
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	d.Types("test all\r")
	<-s.shown
	d.Waits("panel show? ")
	at := d.Row()
	d.Types("7\r")
	<-s.shown
	for i := range 4 {
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Down, X: 50 * i, Y: 20}}
	}
	<-s.shown
	for _, key := range []string{"1", "2", "3", "4"} {
		s.events <- display.Event{Key: key}
	}
	d.WaitsBelow(at, "> ")
	d.leaves()
	text := took.ReplaceAllString(afterBanner(d.text()), "*")
	if failed := fmt.Sprintf("\n%d failed.", strings.Count(text, "\nFAILED ")); !strings.Contains(text, failed) {
		t.Errorf("it does not say %q", failed)
	}
	text = regexp.MustCompile(`\d+ failed`).ReplaceAllString(text, "* failed")
	text = regexp.MustCompile(`sent \d+`).ReplaceAllString(text, "sent *")
	text = regexp.MustCompile(`(?m)^(passed|FAILED)( +address +).*(\n {9,}.*)*`).ReplaceAllString(text, "*${2}*") // this machine's
	goldenText(t, "all", text)
}

func TestPanelTouchAndKeypad(t *testing.T) {
	s := newStand()
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	for _, right := range []bool{true, false} {
		d.Types("test panel\r")
		number := (<-s.shown).Title
		d.Waits("panel show? ")
		if !right {
			number = "nothing"
		}
		d.Says(number, "> ")
	}
	at := d.Row()
	d.Types("test touch\r")
	<-s.shown
	for i := range 4 {
		s.events <- display.Event{Key: "5"} // no touch
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Down, X: 50 * i, Y: 20}}
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Down, X: 50*i + 9, Y: 25}} // where it is
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Up, X: 50 * i, Y: 20}}
	}
	d.WaitsBelow(at, "> ")
	at = d.Row()
	d.Types("test keypad\r")
	<-s.shown
	for _, key := range []string{"1", "1", "5", "5", "1", "9", display.Enter} {
		s.events <- display.Event{Key: key}
	}
	d.WaitsBelow(at, "> ")
	for _, want := range []string{"passed   panel", "FAILED   panel", `"nothing" was read`, "passed   touch               0,20 50,20 100,20 150,20", "keypad              1 5 9 Enter"} {
		if !strings.Contains(d.text(), want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	d.leaves()
}

// Whoever asks for all commands gets those of the menu that is offered, each
// as it is typed.
func TestCommandsAreThoseOfTheMenu(t *testing.T) {
	for _, c := range []struct {
		cfg       serial.Config
		has, last string
	}{
		{serial.Config{Terminal: newStand()}, "test panel", "exit"},
		{serial.Config{Joins: registrar{}}, "enrol", "exit"},
		{serial.Config{}, "set address", "exit"},
	} {
		all := serial.New(c.cfg).Commands()
		if !slices.Contains(all, c.has) || all[len(all)-1] != c.last || slices.Contains(all, "test") {
			t.Errorf("%q is missing: %q", c.has, all)
		}
	}
}
