package keypadtest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
)

// complaint checks that a matrix complained once, in these words, or not at all.
func complaint(t *testing.T, m *Matrix, want string) {
	t.Helper()
	got := strings.Join(m.Complaints(), "; ")
	if want == "" && got != "" || !strings.Contains(got, want) {
		t.Errorf("the complaint is %q, not %q", got, want)
	}
}

func TestAKeyJoinsItsRowAndColumnAndThreeMakeAGhost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMatrix(2, 2)
		row, column := m.Row(0), m.Column(0)
		column.In(gpio.PullUp, gpio.NoEdge)
		row.Out(gpio.Low)
		m.Press(0, 1)
		m.Press(1, 1)
		if column.Read() != gpio.High {
			t.Error("a column is low without a way to the row")
		}
		m.Press(1, 0)
		if column.Read() != gpio.Low {
			t.Error("there is no ghost")
		}
		row.In(gpio.PullUp, gpio.NoEdge)
		if column.Read() != gpio.Low {
			t.Error("a pull-up lifts a long wire in no time")
		}
		time.Sleep(rise)
		if column.Read() != gpio.High {
			t.Error("the column stays down")
		}
		complaint(t, m, "")
	})
}

func TestTheLinesComplainOfBrokenRules(t *testing.T) {
	for want, wrong := range map[string]func(*Matrix, *Line, *Line){
		"drives high what another drives low": func(m *Matrix, row, column *Line) {
			m.Press(0, 0)
			m.Press(1, 0)
			row.Out(gpio.Low)
			m.Row(1).Out(gpio.High)
		},
		"nothing pulls it up": func(_ *Matrix, _, column *Line) {
			column.In(gpio.Float, gpio.NoEdge)
			column.Read()
		},
		"pulls down": func(_ *Matrix, _, column *Line) { column.In(gpio.PullDown, gpio.NoEdge) },
		"waits -1ns": func(_ *Matrix, _, column *Line) { column.WaitForEdge(-1) },
	} {
		synctest.Test(t, func(t *testing.T) {
			m := NewMatrix(2, 2)
			wrong(m, m.Row(0), m.Column(0))
			complaint(t, m, want)
		})
	}
}

// chipWith is a chip with one key between GPA0, which is low, and GPB0.
func chipWith(m *Matrix, more ...byte) *MCP23017 {
	c := NewMCP23017(m, 0x20, []int{0}, []int{8})
	c.Tx(0x20, []byte{0x00, 0x7E, 0x7F}, nil)
	c.Tx(0x20, []byte{0x0C, 0x7F, 0x7F}, nil)
	c.Tx(0x20, []byte{0x05, 0x01}, nil)
	if len(more) > 0 {
		c.Tx(0x20, more, nil)
	}
	c.ask(0x13)
	return c
}

// ask is one register, by its address.
func (c *MCP23017) ask(register byte) byte {
	var r [1]byte
	c.Tx(0x20, []byte{register}, r[:])
	return r[0]
}

func TestTheCaptureStaysUntilItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMatrix(1, 1)
		c := chipWith(m)
		if c.IntB.Read() != gpio.High {
			t.Error("it interrupts for nothing")
		}
		m.Press(0, 0)
		m.Release(0, 0)
		if c.IntB.Read() != gpio.Low || c.IntA.Read() != gpio.High {
			t.Error("the interrupt is not on the pin of its port")
		}
		if f, captured := c.ask(0x0F), c.ask(0x11); f != 1 || captured&1 != 0 {
			t.Errorf("INTF is %#x, INTCAP %#x", f, captured)
		}
		if c.IntB.Read() != gpio.High || c.ask(0x0F) != 0 {
			t.Error("reading the capture does not end the interrupt")
		}
		complaint(t, m, "")
	})
}

func TestAnInterruptOnALevelComesAgainUntilTheLevelGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMatrix(1, 1)
		c := chipWith(m, 0x07, 0x01, 0x00, 0x01) // DEFVALB and INTCONB
		m.Press(0, 0)
		c.ask(0x13)
		if c.IntB.Read() != gpio.Low {
			t.Error("it ended while the key is down")
		}
		m.Release(0, 0)
		time.Sleep(rise)
		c.ask(0x13)
		if c.IntB.Read() != gpio.High {
			t.Error("it goes on")
		}
	})
}

func TestIOCONDoesWhatItsBitsSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMatrix(1, 1)
		c := chipWith(m, 0x0A, mirror|intpol)
		m.Press(0, 0)
		if c.IntA.Read() != gpio.High || c.IntB.Read() != gpio.High {
			t.Error("MIRROR and INTPOL do not hold")
		}
		c.ask(0x13)
		if c.IntA.Read() != gpio.Low {
			t.Error("it does not end")
		}
		c.Tx(0x20, []byte{0x0A, seqop}, nil)
		var pair [4]byte
		c.Tx(0x20, []byte{0x00}, pair[:])
		if pair != [4]byte{0x7E, 0x7F, 0x7E, 0x7F} {
			t.Errorf("with SEQOP it reads % x", pair)
		}
		c.Tx(0x20, []byte{0x0A, bank}, nil)
		if c.ask(0x10) != 0x7F || c.ask(0x05) != bank || c.ask(0x15) != bank {
			t.Error("with BANK the registers are not port by port")
		}
		complaint(t, m, "")
	})
}

func TestTheChipComplainsOfBrokenRules(t *testing.T) {
	for want, wrong := range map[string]func(*MCP23017){
		"register address 0x16 does not exist": func(c *MCP23017) { c.ask(0x16) },
		"INTFA can only be read":               func(c *MCP23017) { c.Tx(0x20, []byte{0x0E, 0}, nil) },
		"INTCAPB can only be read":             func(c *MCP23017) { c.Tx(0x20, []byte{0x11, 0}, nil) },
		"IOCON bit 0 does not exist":           func(c *MCP23017) { c.Tx(0x20, []byte{0x0A, 1}, nil) },
		"nothing in it":                        func(c *MCP23017) { c.Tx(0x20, nil, nil) },
		"1.7 MHz is the most":                  func(c *MCP23017) { c.SetSpeed(3400 * physic.KiloHertz) },
		"driven from both ends":                func(c *MCP23017) { c.IntA.Out(gpio.Low) },
		"it is an output only": func(c *MCP23017) {
			c.Tx(0x20, []byte{0x00, 0xFF}, nil)
			c.ask(0x12)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := NewMatrix(1, 1)
			c := chipWith(m)
			complaint(t, m, "")
			wrong(c)
			complaint(t, m, want)
		})
	}
}

func TestAChipThatWasResetHasNoPullUps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMatrix(1, 1)
		c := chipWith(m)
		c.Reset()
		seen := map[byte]bool{}
		for range 64 {
			seen[c.ask(0x13)&1] = true
		}
		if len(seen) != 2 || c.ask(0x00) != 0xFF || c.ask(0x0C) != 0 {
			t.Error("its pins do not float")
		}
	})
}
