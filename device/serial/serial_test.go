package serial_test

import (
	"errors"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/serial"
	"unlockpoint/display"
)

func TestTheBannerHasTheFaultsFirst(t *testing.T) {
	s := newStand()
	s.reading.Reader = health.Reader{}
	s.reading.Link = health.Link{Broker: s.reading.Link.Broker, Why: "connecting: dial tcp: no route to host"}
	s.reading.Store.Free = 100 << 20
	d := sit(t, serial.Config{Terminal: s})
	d.waits("> ")
	d.golden("banner")
	d.leaves()
}

// The menu and the command line are one: numbers, whole words, their
// beginnings, question mark and tab.
func TestTheMenuIsTheCommandLine(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand()})
	d.waits("> ")
	for _, line := range []string{"show version", "sh ver", "1 4", "  show   version  ", "shw", "s x", "show st", "0"} {
		d.says(line, "> ")
	}
	d.types("?")
	d.sees("the menu", func(p *paper) bool {
		return strings.Contains(p.String(), "> ?") && strings.Contains(p.String(), "end the session") && p.waits("> ")
	})
	d.types("sh\t")
	d.waits("> show ")
	d.types("st\t")
	d.sees("both", func(p *paper) bool { return strings.Contains(p.String(), "  6  store") && p.waits("> show st") })
	d.types("a\t?")
	d.sees("the command's words", func(p *paper) bool { return p.waits("> show status ") })
	d.types("\x15")
	d.waits("> ")
	d.says("\x1b[A\x1b[A", "> ") // the one before the last
	d.says("1", "show> ")
	d.says("2", "show> ")
	d.says("test clock", "show> ")
	goldenText(t, "menu", afterBanner(d.text()))
	d.leaves()
}

func TestShow(t *testing.T) {
	s := newStand()
	d := sit(t, serial.Config{Terminal: s, Settings: "[broker]\nurl = \"mqtts://broker.trust.example:8883\"\n"})
	d.waits("> ")
	d.says("show", "show> ")
	for _, what := range []string{"status", "faults", "page", "version", "link", "store", "reader", "config"} {
		d.says(what, "show> ")
	}
	d.says("0", "> ")
	goldenText(t, "show", afterBanner(d.text()))
	d.leaves()
}

// What a page says to somebody who is served is not an engineer's to read.
func TestShowPageSaysNothingOfAPerson(t *testing.T) {
	s := newStand()
	s.reading.Reader.Card = true
	s.page = display.Page{ID: "unlock.code", Title: "Enter the code", Body: []string{"We sent it to a...@nhs.net."}}
	d := sit(t, serial.Config{Terminal: s})
	d.waits("> ")
	d.says("show page", "> ")
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
	d.waits("> ")
	for _, what := range []string{"reader", "card", "store", "clock", "mqtt", "central"} {
		d.says("test "+what, "> ")
	}
	s.reading.Reader = health.Reader{Name: "ACS ACR39U", Card: true, Profile: "piv", Commands: 12, Slowest: 3 * time.Second}
	s.reading.Clock.Floor = s.reading.At.Add(time.Hour)
	s.reading.Link = health.Link{Broker: s.reading.Link.Broker, Why: "connecting: not Authorized"}
	s.store, s.central = errors.New("probe the store: input/output error"), errors.New("ask registry.page: central cannot be reached")
	for _, what := range []string{"panel", "reader", "card", "store", "clock", "mqtt", "central"} {
		d.says("test "+what, "> ")
	}
	d.leaves()
	goldenText(t, "test", took.ReplaceAllString(afterBanner(d.text()), "*"))
}

func TestPanelTouchAndKeypad(t *testing.T) {
	s := newStand()
	d := sit(t, serial.Config{Terminal: s})
	d.waits("> ")
	for _, right := range []bool{true, false} {
		d.types("test panel\r")
		number := (<-s.shown).Title
		d.waits("panel show? ")
		if !right {
			number = "nothing"
		}
		d.says(number, "> ")
	}
	at := d.row()
	d.types("test touch\r")
	<-s.shown
	for i := range 4 {
		s.events <- display.Event{Key: "5"} // no touch
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Down, X: 10 * i, Y: 20}}
		s.events <- display.Event{Touch: &display.Touch{Phase: display.Up, X: 10 * i, Y: 20}}
	}
	d.waitsBelow(at, "> ")
	at = d.row()
	d.types("test keypad\r")
	<-s.shown
	for _, key := range []string{"1", "5", "9", display.Enter} {
		s.events <- display.Event{Key: key}
	}
	d.waitsBelow(at, "> ")
	for _, want := range []string{"passed   panel", "FAILED   panel", `"nothing" was read`, "passed   touch               0,20 10,20 20,20 30,20", "1 5 9 Enter"} {
		if !strings.Contains(d.text(), want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	d.leaves()
}
