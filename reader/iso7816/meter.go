package iso7816

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Timing is how long a card took for one command. It names the command, never
// what was in it.
type Timing struct {
	Command string
	Took    time.Duration
	Status  Status // 0 when no answer came
}

// Meter is a Transmitter that keeps the timings of the newest commands, for
// whoever looks for a slow reader or a worn card. It belongs to one goroutine.
type Meter struct {
	to  Transmitter
	now func() time.Time
	all []Timing
}

var _ Transmitter = (*Meter)(nil)

// meterKeeps is more than a visit without a person sends to a card with one
// application. Of one with all of them the last commands are kept.
const meterKeeps = 32

// NewMeter measures what goes to a card by the clock now.
func NewMeter(to Transmitter, now func() time.Time) *Meter { return &Meter{to: to, now: now} }

// Unwrap is what is measured, for whoever looks for more than commands in it,
// such as a reader.PinPad.
func (m *Meter) Unwrap() Transmitter { return m.to }

// Transmit carries the command on.
func (m *Meter) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	began := m.now()
	raw, err := m.to.Transmit(ctx, apdu)
	t := Timing{Command: nameOf(apdu), Took: m.now().Sub(began)}
	if r, malformed := ParseResponse(raw); err == nil && malformed == nil {
		t.Status = r.Status
	}
	if len(m.all) == meterKeeps {
		m.all = slices.Delete(m.all, 0, 1)
	}
	m.all = append(m.all, t)
	return raw, err
}

// Timings are the newest commands, oldest first.
func (m *Meter) Timings() []Timing { return slices.Clone(m.all) }

func nameOf(apdu []byte) string {
	if len(apdu) < 2 {
		return "nothing"
	}
	return Name(apdu[1])
}

// Name is what ISO/IEC 7816-4 calls an instruction, or its number.
func Name(ins byte) string {
	switch ins {
	case InsVerify:
		return "VERIFY"
	case 0x22:
		return "MANAGE SECURITY ENVIRONMENT"
	case InsChangeReference:
		return "CHANGE REFERENCE DATA"
	case InsResetRetry:
		return "RESET RETRY COUNTER"
	case InsAuthenticate:
		return "GENERAL AUTHENTICATE"
	case InsSelect:
		return "SELECT"
	case 0xB0:
		return "READ BINARY"
	case InsGetResponse:
		return "GET RESPONSE"
	case 0xCA, InsGetData:
		return "GET DATA"
	}
	return fmt.Sprintf("INS %02X", ins)
}
