package paneltest

import (
	"errors"
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// A host talks to a model without any driver's caution.
type host struct {
	t   *testing.T
	m   *Model
	bus spi.Conn
}

func newHost(t *testing.T, chip string, limit int) *host {
	t.Helper()
	for _, m := range Modules() {
		if m.Name == chip {
			model := New(m, limit)
			bus, err := model.Port().Connect(10*physic.MegaHertz, spi.Mode0, 8)
			if err != nil {
				t.Fatal(err)
			}
			return &host{t, model, bus}
		}
	}
	t.Fatalf("no model of %s", chip)
	return nil
}

func (h *host) say(op byte, data ...byte) {
	h.m.DC().Out(gpio.Low)
	h.bus.Tx([]byte{op}, nil)
	h.data(data...)
}

func (h *host) data(data ...byte) {
	h.m.DC().Out(gpio.High)
	if len(data) > 0 {
		h.bus.Tx(data, nil)
	}
}

// awake is a host whose panel is on and takes 16 bits a pixel.
func awake(t *testing.T, chip string) *host {
	h := newHost(t, chip, 64)
	h.say(slpout)
	time.Sleep(120 * time.Millisecond)
	h.say(colmod, 0x55)
	h.say(dispon)
	if c := h.m.Complaints(); len(c) > 0 {
		t.Fatalf("complaints about nothing: %q", c)
	}
	return h
}

func TestEveryBrokenRuleIsComplainedOf(t *testing.T) {
	for _, rule := range []struct {
		name  string
		wrong func(h *host)
		says  string
	}{
		{"a reset pulse that is too short", func(h *host) {
			h.m.Reset().Out(gpio.Low)
			time.Sleep(9 * time.Microsecond)
			h.m.Reset().Out(gpio.High)
		}, "reset was low for 9µs"},
		{"a command right after a reset", func(h *host) {
			h.m.Reset().Out(gpio.Low)
			time.Sleep(time.Millisecond)
			h.m.Reset().Out(gpio.High)
			time.Sleep(4 * time.Millisecond)
			h.say(madctl, 0)
		}, "1ms too early after a reset"},
		{"a command during a reset", func(h *host) {
			h.m.Reset().Out(gpio.Low)
			h.say(nop)
		}, "during reset"},
		{"sleep out right after a reset by command", func(h *host) {
			h.say(swreset)
			time.Sleep(119 * time.Millisecond)
			h.say(slpout)
		}, "sleep changes 1ms too early"},
		{"a command right after sleep in", func(h *host) {
			time.Sleep(time.Second)
			h.say(slpin)
			time.Sleep(4 * time.Millisecond)
			h.say(nop)
		}, "1ms too early after sleep in"},
		{"sleep out right after sleep in", func(h *host) {
			time.Sleep(time.Second)
			h.say(slpin)
			time.Sleep(100 * time.Millisecond)
			h.say(slpout)
		}, "sleep changes 20ms too early"},
		{"a command right after sleep out", func(h *host) {
			time.Sleep(time.Second)
			h.say(slpin)
			time.Sleep(120 * time.Millisecond)
			h.say(slpout)
			time.Sleep(20 * time.Millisecond)
			h.say(dispon)
		}, "100ms too early after sleep out"},
		{"a window beyond the last column", func(h *host) { h.say(caset, 0, 0, 0, 240) }, "column window 0 to 240 of 240"},
		{"a window beyond the last row", func(h *host) { h.say(paset, 0, 0, 1, 64) }, "row window 0 to 320 of 320"},
		{"a window that ends before it begins", func(h *host) { h.say(caset, 0, 9, 0, 8) }, "column window 9 to 8"},
		{"a window for the other orientation", func(h *host) {
			h.say(madctl, exchanged)
			h.say(paset, 0, 0, 1, 0)
		}, "row window 0 to 256 of 240"},
		{"half a window", func(h *host) {
			h.say(caset, 0, 0)
			h.say(nop)
		}, "2 parameters of 4"},
		{"an odd byte at the end of the pixels", func(h *host) { h.say(ramwr, 1, 2, 3) }, "ends within a pixel"},
		{"pixels that end in the middle of one", func(h *host) {
			h.say(ramwr, 1)
			h.say(nop)
		}, "1 bytes are left over"},
		{"more pixels than there is room", func(h *host) {
			h.say(caset, 0, 0, 0, 0)
			h.say(paset, 0, 0, 0, 1)
			h.say(ramwr, 1, 2, 3, 4, 5, 6)
		}, "more pixels than fit"},
		{"data before any command", func(h *host) { h.data(7) }, "data without a command"},
		{"a parameter too many", func(h *host) { h.say(madctl, 0, 0) }, "byte 0x00 is data without a command"},
		{"a command that the chip has not", func(h *host) { h.say(0x99) }, "not one of this chip"},
		{"a pixel format that no serial bus has", func(h *host) { h.say(colmod, 0x77) }, "pixel format 0x77"},
		{"a transfer that is too long", func(h *host) { h.say(ramwr, make([]byte, 66)...) }, "66 bytes in a transfer"},
		{"an empty transfer", func(h *host) { h.bus.Tx(nil, nil) }, "a transfer of 0 bytes"},
		{"a read", func(h *host) { h.bus.Tx([]byte{0}, []byte{0}) }, "1 back"},
		{"a clock that is too fast", func(h *host) { h.m.Port().Connect(80*physic.MegaHertz, spi.Mode0, 8) }, "clock of 80MHz"},
		{"the wrong mode", func(h *host) { h.m.Port().Connect(physic.MegaHertz, spi.Mode1, 8) }, "mode Mode1"},
		{"a backlight that flickers", func(h *host) { h.m.Light().PWM(gpio.DutyHalf, 50*physic.Hertz) }, "backlight at 50Hz"},
	} {
		t.Run(rule.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := awake(t, "ili9341")
				rule.wrong(h)
				if all := strings.Join(h.m.Complaints(), "\n"); !strings.Contains(all, rule.says) {
					t.Errorf("complaints: %q, none of %q", all, rule.says)
				}
			})
		})
	}
}

func TestAChipsOwnCommandsAreLockedUntilItsKeysCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for chip, keys := range map[string][][]byte{
			"st7796":  {{0xf0, 0xc3}, {0xf0, 0x96}},
			"hx8357d": {{0xb9, 0xff, 0x83, 0x57}},
		} {
			h := awake(t, chip)
			h.say(0xb4)
			if !strings.Contains(strings.Join(h.m.Complaints(), "\n"), "0xb4 is locked") {
				t.Errorf("%s: complaints: %q", chip, h.m.Complaints())
			}
			h = awake(t, chip)
			for _, k := range keys {
				h.say(k[0], k[1:]...)
			}
			h.say(0xc0 + byte(len(keys))%2) // one that both have
			for _, c := range h.m.Complaints() {
				if strings.Contains(c, "locked") {
					t.Error(c)
				}
			}
		}
	})
}

func TestOnePixelIsSeenWhereItWasPut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := awake(t, "st7789")
		h.say(caset, 0, 3, 0, 3)
		h.say(paset, 1, 0, 1, 0)
		h.say(ramwr, 0xf8, 0x00) // red
		h.say(invon)
		if c := h.m.Picture(0).RGBAAt(3, 256); c != (color.RGBA{255, 0, 0, 255}) {
			t.Errorf("%v", c)
		}
		if c := h.m.Picture(180).RGBAAt(236, 63); c != (color.RGBA{255, 0, 0, 255}) {
			t.Errorf("the other way up: %v", c)
		}
		h.m.Switch().Out(gpio.Low)
		if c := h.m.Picture(0).RGBAAt(3, 256); c != (color.RGBA{A: 255}) {
			t.Errorf("without light: %v", c)
		}
	})
}

func TestAPanelThatResetItselfComplainsOfNothingUntilItIsWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := awake(t, "ili9341")
		h.m.ResetItself()
		h.say(caset, 9, 9, 9, 9)
		if c := h.m.Complaints(); len(c) > 0 {
			t.Errorf("%q", c)
		}
		h.say(slpout)
		time.Sleep(time.Second)
		h.say(caset, 9, 9, 9, 9)
		if c := h.m.Complaints(); len(c) != 1 {
			t.Errorf("%q", c)
		}
	})
}

func TestATransferThatFailsIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := awake(t, "ili9341")
		lost := errors.New("lost")
		h.m.Fail(func(int) error { return lost })
		if err := h.bus.Tx([]byte{dispoff}, nil); err != lost {
			t.Errorf("%v", err)
		}
		if !h.m.Showing() {
			t.Error("it arrived all the same")
		}
	})
}

func TestTransfersTakeAsLongAsTheyWould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := awake(t, "ili9341")
		h.m.TakeTime()
		start, before := time.Now(), h.m.Traffic()
		h.say(ramwr, make([]byte, 50)...)
		want := 2*20*time.Microsecond + 51*8*time.Second/10e6
		if d := time.Since(start); d != want || h.m.Traffic().Sub(before).Time(10*physic.MegaHertz) != want {
			t.Errorf("%v and %v, not %v", d, h.m.Traffic().Sub(before).Time(10*physic.MegaHertz), want)
		}
	})
}

func FuzzAModelTakesAnything(f *testing.F) {
	f.Add([]byte{slpout, 0x2a, 0, 0, 0, 9, 0x2c, 1, 2, 3}, uint16(0x41))
	f.Fuzz(func(t *testing.T, bytes []byte, commands uint16) {
		for _, module := range Modules() {
			h := newHost(t, module.Name, 0)
			for i, b := range bytes {
				h.m.DC().Out(gpio.Level(commands>>(i%16)&1 == 0))
				h.bus.Tx([]byte{b}, nil)
			}
			h.m.Picture(90)
		}
	})
}
