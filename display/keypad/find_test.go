package keypad

import (
	"errors"
	"slices"
	"testing"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/keypad/keypadtest"
)

// shelf is a bus with other chips on it; each gives one byte again and again,
// as a PCF8574 does, or counts.
type shelf struct {
	i2c.Bus
	t      *testing.T
	counts bool
}

func (s shelf) Tx(at uint16, w, r []byte) error {
	if len(w) > 0 {
		s.t.Errorf("%x is written to whatever is at %#x", w, at)
	}
	if at == 0x20 {
		for i := range r {
			if r[i] = 0xf7; s.counts {
				r[i] = byte(i)
			}
		}
		return nil
	}
	if s.Bus == nil {
		return errors.New("remote I/O error")
	}
	return s.Bus.Tx(at, w, r)
}

func (s shelf) SetSpeed(physic.Frequency) error { return nil }
func (s shelf) String() string                  { return "I2C1" }

func TestAnExpanderIsFoundByReadingAlone(t *testing.T) {
	matrix := keypadtest.NewMatrix(4, 3)
	chip := keypadtest.NewMCP23017(matrix, 0x25, []int{0, 1, 2, 3}, []int{8, 9, 10})
	for name, c := range map[string]struct {
		bus  i2c.Bus
		want []int
	}{
		"a new one":              {chip, []int{0x25}},
		"beside a PCF8574":       {shelf{chip, t, false}, []int{0x25}},
		"beside a memory":        {shelf{chip, t, true}, []int{0x25}},
		"nothing but a PCF8574":  {shelf{nil, t, false}, nil},
		"a bus without anything": {shelf{nil, t, true}, nil},
	} {
		if found := Find(c.bus); !slices.Equal(found, c.want) {
			t.Errorf("%s: found at %#x, want %#x", name, found, c.want)
		}
	}
}
