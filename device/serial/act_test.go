package serial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/display"
)

// board is a machine that keeps what was done to it.
type board struct {
	did []string
	err error
}

func (b *board) Reboot(context.Context) error    { b.did = append(b.did, "reboot"); return b.err }
func (b *board) Forget(context.Context) error    { b.did = append(b.did, "forget"); return b.err }
func (b *board) Calibrate(context.Context) error { b.did = append(b.did, "calibrate"); return b.err }
func (b *board) Hardware(_ context.Context, w io.Writer) error {
	fmt.Fprint(w, "card readers  ACS ACR39U\n\nProposed for terminal.toml:\n")
	return b.err
}
func (b *board) End() { b.did = append(b.did, "end") }

func TestWhatEndsTheProgramIsAskedFor(t *testing.T) {
	s, b := newStand(), &board{err: errors.New("console.reboot in terminal.toml names no command to restart this machine")}
	d := sit(t, serial.Config{Terminal: s, Machine: b})
	d.Waits("> ")
	d.Types("reboot\r")
	d.Waits("to go on: ")
	d.Says("no", "> ")
	d.Types("reboot\r")
	d.Waits("to go on: ")
	d.Says("yes", "> ")
	s.reading.Reader.Card, s.deaf = true, true
	b.err = nil
	d.Types("factory-reset\r")
	d.Waits("to go on: ")
	d.Says("y", "> ")
	d.Types("factory-reset\r")
	d.Waits("to go on: ")
	d.Types("forget\r")
	d.over()
	d.Sees("the good-bye", func(p *serialtest.Paper) bool { return strings.HasSuffix(p.String(), "Goodbye.\n") })
	if got := fmt.Sprint(b.did); got != "[reboot forget end]" {
		t.Errorf("the machine did %s", got)
	}
	if got := fmt.Sprint(s.heard()); got != "[console.local console.reset]" {
		t.Errorf("central was told %s", got)
	}
	goldenText(t, "reset", afterBanner(d.text()))
}

func TestIdentifyAndCalibrate(t *testing.T) {
	s := newStand()
	b := &board{err: errors.New("touch.driver is \"ft6336\": only an xpt2046 is to be calibrated")}
	d := sit(t, serial.Config{Terminal: s, Machine: b})
	d.Waits("> ")
	d.Says("identify", "> ")
	d.Says("calibrate", "to go on: ")
	d.Says("yes", "> ")
	b.err = nil
	d.Says("hardware", "> ")
	s.reading.Reader.Card = true
	d.Says("id", "> ")
	goldenText(t, "identify", afterBanner(d.text()))
	s.reading.Reader.Card = false
	d.Says("calibrate", "to go on: ")
	d.Types("yes\r")
	d.over()
	if got := fmt.Sprint(b.did); got != "[calibrate calibrate end]" {
		t.Errorf("the machine did %s", got)
	}
}

func TestReport(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand()})
	d.Waits("> ")
	d.Says("report", "> ")
	goldenText(t, "report", afterBanner(d.text()))
	d.leaves()
}

func TestMonitor(t *testing.T) {
	s := newStand()
	d := sit(t, serial.Config{Terminal: s})
	d.Waits("> ")
	for _, what := range []string{"reader", "link", "keys"} {
		d.Types("monitor " + what + "\r")
		d.Sees("the offer to end it", func(p *serialtest.Paper) bool {
			return strings.Count(p.String(), "Any key") > strings.Count(p.String(), "key 5")
		})
		switch what {
		case "keys":
			s.events <- display.Event{Key: "5"}
			s.events <- display.Event{Touch: &display.Touch{X: 3, Y: 4, Phase: display.Up}}
			s.events <- display.Event{Rune: 'x'}
			d.Sees("the character", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "character x") })
		case "link":
			d.Sees("the link", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "  up\n") })
		case "reader":
			d.Sees("the reader", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "card: false") })
		}
		d.Types(" ")
		d.Waits("> ")
	}
	clock := regexp.MustCompile(`\d\d:\d\d:\d\d  `)
	goldenText(t, "monitor", clock.ReplaceAllString(afterBanner(d.text()), "hh:mm:ss  "))
	d.leaves()
}

func TestTheLog(t *testing.T) {
	log := new(serial.Log)
	for i := range 20 {
		fmt.Fprintf(log, "line %d\n", i)
	}
	d := sit(t, serial.Config{Terminal: newStand(), Log: log})
	d.Waits("> ")
	d.Says("log", "> ")
	d.Says("log 3", "> ")
	d.Says("log x", "> ")
	d.Types("log -f\r")
	d.Sees("the offer to end it", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "Any key") })
	slog.New(slog.NewTextHandler(log, nil)).Info("card reader", "name", "\x1b[2J")
	d.Sees("the new line", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "card reader") })
	d.Types("x")
	d.Waits("> ")
	stamp := regexp.MustCompile(`time=\S+`)
	goldenText(t, "log", stamp.ReplaceAllString(afterBanner(d.text()), "time=*"))
	d.leaves()
}

func TestASessionEndsWhenNobodyIsThere(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand(), Idle: time.Millisecond})
	d.over()
	d.Sees("why", func(p *serialtest.Paper) bool { return strings.Contains(p.String(), "nobody pressed a key for 0 s") })
}
