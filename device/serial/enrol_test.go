package serial_test

import (
	"context"
	"errors"
	"testing"

	"unlockpoint/device/serial"
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
	d.waits("> ")
	d.says("enrol", "> ")
	d.says("enrol ABCD WXYZ", "> ")
	d.says("\x1b[A", "> ") // the code is not among what comes back
	d.types("enrol ABCD EFGH mqtts://broker.example:8884\r")
	d.over()
	d.sees("who it is", func(p *paper) bool { return len(b.did) == 1 && p.column == 0 })
	goldenText(t, "enrol", d.text())
}
