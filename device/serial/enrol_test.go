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
	d := sit(t, serial.Config{Joins: registrar{}, Machine: b, Log: new(serial.Log)})
	d.Waits("> ")
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
