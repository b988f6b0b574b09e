package serial_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
)

// registrar takes one code.
type registrar struct{}

func (registrar) Enrol(_ context.Context, code, broker string) (string, error) {
	if code != "ABCDEFGH" || broker != "mqtts://broker.example:8884" {
		return "", errors.New("central does not answer: compare the code with the one that it gave")
	}
	return "This is ward7-door (Ward 7, by the door) of site ward7", nil
}

func TestEnrol(t *testing.T) {
	b := new(board)
	d := sit(t, serial.Config{Joins: registrar{}, Machine: b, Log: new(serial.Log), AddressAtRestart: true})
	d.Waits("> ")
	d.Says("set address 10.1.2.3/24", "> ")
	d.Says("commit", "> ")
	d.Says("reboot", "to go on: ")
	d.Says("no", "> ")
	d.Says("test", "> ")
	d.Says("0", "> ")
	d.Says("enrol", "> ")
	d.Says("enrol ABCD WXYZ", "> ")
	d.Says("\x1b[A", "> ") // the code is not among what comes back
	d.Types("enrol ABCD EFGH mqtts://broker.example:8884\r")
	d.over()
	d.Sees("who it is", func(p *serialtest.Paper) bool {
		return len(b.did) == 1 && strings.HasSuffix(p.String(), " to log in.\n")
	})
	goldenText(t, "enrol", d.text())
}

// Before a terminal is somebody it can be tried whether it would get anywhere.
func TestWhoIsNotEnrolledTestsTheNetwork(t *testing.T) {
	s := newStand()
	s.reading.Link.Broker = "mqtts://127.0.0.1:8884"
	d := sit(t, serial.Config{Joins: registrar{}, Bare: s})
	d.Waits("> ")
	d.Says("test network", "> ")
	if !strings.Contains(d.text(), "passed   name of the broker  127.0.0.1 is 127.0.0.1") {
		t.Error("the name is not told")
	}
	d.leaves()
	s.reading.Link.Broker = ""
	d = sit(t, serial.Config{Joins: registrar{}, Bare: s})
	d.Waits("> ")
	d.Says("test network", "> ")
	if !strings.Contains(d.text(), "skipped  broker") {
		t.Error("a broker that nobody has named is judged")
	}
	d.leaves()
}
