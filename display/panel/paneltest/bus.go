package paneltest

import (
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// Port is the SPI port the panel is on.
func (m *Model) Port() spi.PortCloser { return (*bus)(m) }

// DC is the line that tells commands from data.
func (m *Model) DC() gpio.PinIO { return pin(m, "DC", m.setDC, nil) }

// Reset is the line that resets the panel while it is low.
func (m *Model) Reset() gpio.PinIO { return pin(m, "RESET", m.setReset, nil) }

// Light is a backlight by PWM.
func (m *Model) Light() gpio.PinIO {
	return pin(m, "LIGHT", m.setLight, func(percent int) { m.brightness = percent })
}

// Switch is a backlight that is on or off.
func (m *Model) Switch() gpio.PinIO { return pin(m, "SWITCH", m.setLight, nil) }

// bus is the model as seen from its SPI port.
type bus Model

var (
	_ spi.PortCloser = (*bus)(nil)
	_ spi.Conn       = (*bus)(nil)
	_ conn.Limits    = (*bus)(nil)
)

func (b *bus) String() string                      { return "the bus of " + b.module.Name }
func (b *bus) Halt() error                         { return nil }
func (b *bus) Duplex() conn.Duplex                 { return conn.Half }
func (b *bus) MaxTxSize() int                      { return b.limit }
func (b *bus) LimitSpeed(f physic.Frequency) error { return nil }

func (b *bus) Close() error {
	m := (*Model)(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock = 0 // what comes now comes without a connection
	return nil
}

// Connect checks the clock, and that the chip can read what comes: mode 0 or
// 3, bytes, highest bit first.
func (b *bus) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	m := (*Model)(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	if f <= 0 || f > m.module.Clock {
		m.complain("clock of %v, more than %v", f, m.module.Clock)
	}
	if (mode != spi.Mode0 && mode != spi.Mode3) || bits != 8 {
		m.complain("mode %v, %d bits", mode, bits)
	}
	m.clock = f
	return b, nil
}

func (b *bus) TxPackets([]spi.Packet) error { return errors.New("this model takes no packets") }

// Tx is one transfer.
func (b *bus) Tx(w, r []byte) error {
	m := (*Model)(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.admit(w, r); err != nil {
		return err
	}
	if m.dc == gpio.High {
		m.data(w)
	} else {
		for _, op := range w {
			m.command(op)
		}
	}
	if m.open && m.op == ramwr && len(m.parameters) > 0 {
		m.complain("a transfer ends within a pixel")
	}
	return nil
}

// admit looks at a transfer before its bytes.
func (m *Model) admit(w, r []byte) error {
	m.traffic.Transfers++
	m.traffic.Bytes += len(w)
	if m.timed {
		spent := Traffic{len(w), 1}.Time(m.clock)
		m.mu.Unlock()
		time.Sleep(spent)
		m.mu.Lock()
	}
	if m.fault != nil {
		if err := m.fault(m.traffic.Transfers); err != nil {
			return err
		}
	}
	switch {
	case m.clock == 0:
		m.complain("a transfer without a connection")
	case len(w) == 0 || r != nil:
		m.complain("a transfer of %d bytes, %d back", len(w), len(r))
	case m.limit > 0 && len(w) > m.limit:
		m.complain("%d bytes in a transfer, more than %d", len(w), m.limit)
		return fmt.Errorf("message too long")
	case m.line == gpio.Low:
		m.complain("a transfer during reset")
	}
	return nil
}

// line is one of the model's pins.
type line struct {
	gpio.PinIO // INVALID: what a panel does not use fails
	model      *Model
	name       string
	out        func(gpio.Level)
	pwm        func(percent int)
}

func pin(m *Model, name string, out func(gpio.Level), pwm func(int)) gpio.PinIO {
	return &line{gpio.INVALID, m, name, out, pwm}
}

func (l *line) String() string { return l.name }
func (l *line) Name() string   { return l.name }

func (l *line) Out(v gpio.Level) error {
	l.model.mu.Lock()
	defer l.model.mu.Unlock()
	l.out(v)
	return nil
}

func (l *line) PWM(duty gpio.Duty, f physic.Frequency) error {
	if l.pwm == nil {
		return errors.New("PWM() not implemented")
	}
	l.model.mu.Lock()
	defer l.model.mu.Unlock()
	if f < 100*physic.Hertz || f > 50*physic.KiloHertz {
		l.model.complain("backlight at %v", f)
	}
	l.pwm(int((duty*100 + gpio.DutyHalf) / gpio.DutyMax))
	return nil
}

func (m *Model) setDC(v gpio.Level) { m.dc = v }

func (m *Model) setLight(v gpio.Level) {
	m.brightness = 0
	if v {
		m.brightness = 100
	}
}

// setReset holds to the reset timing: 10 us low; then 5 ms without a command,
// and 120 ms before sleep out.
func (m *Model) setReset(v gpio.Level) {
	switch {
	case v == m.line:
	case v == gpio.Low:
		m.pulsed = time.Now()
	default:
		if d := time.Since(m.pulsed); d < 10*time.Microsecond {
			m.complain("reset was low for %v, less than 10 us", d)
		}
		m.restart()
		m.busy(5*time.Millisecond, "a reset")
		m.rested = time.Now().Add(120 * time.Millisecond)
	}
	m.line = v
}
