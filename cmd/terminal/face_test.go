package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"periph.io/x/host/v3"

	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/evdev"
	"unlockpoint/display/keypad/keypadtest"
	"unlockpoint/display/panel"
	"unlockpoint/display/touch/touchtest"
)

// A wrong setting of a part is named by the package that drives it.
func TestAPartThatIsNotThereIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"[panel]\ndriver = \"framebuffer\"\ndevice = \"/dev/nowhere\"\n[keys]\ndriver = \"evdev\"": "device is \"/dev/nowhere\"",
		"[panel]\ndriver = \"ili9341\"\nrotation = 45\n[keys]\ndriver = \"evdev\"":                 "rotation is 45",
		"[speech]\nprogram = \"no-such-voice\"":                                                    "no-such-voice",
		"[speech]\narguments = [\"-q\"]\njack = \"[\"":                                             "jack is \"[\"",
		"[panel]\ndriver = \"st7789\"\ndc = \"D/C\"\n[touch]\ndriver = \"evdev\"":                  "dc is \"D/C\"",
	} {
		c, err := parseConfig(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := newFace(c, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestAPanelTooSmallForThePagesIsRefused: the same pixels hold them where they
// are further apart.
func TestAPanelTooSmallForThePagesIsRefused(t *testing.T) {
	const small = "[panel]\nlisten = \"127.0.0.1:0\"\n"
	for size, want := range map[string]string{
		"width = 320\nheight = 240\npixels_per_mm = 6.45": "50 by 37 mm, and the pages need 42.5 by 57 mm",
		"width = 320\nheight = 240\npixels_per_mm = 5.6":  "",
		"width = 240\nheight = 320\npixels_per_mm = 5.6":  "",
	} {
		c, err := parseConfig(small + size)
		if err != nil {
			t.Fatal(err)
		}
		_, err = newFace(c, slog.New(slog.DiscardHandler))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", size, err, want)
		}
	}
}

// The night goes over midnight, or not, or never comes.
func TestThePanelIsDarkerByNight(t *testing.T) {
	for _, c := range []struct {
		from, to int
		nights   string // an n for each hour of the day that is one
	}{
		{21, 6, "nnnnnn...............nnn"},
		{1, 4, ".nnn...................."},
		{7, 7, "........................"},
		{0, 0, "........................"},
	} {
		var got strings.Builder
		for hour := range 24 {
			at := time.Date(2026, 1, 2, hour, 59, 0, 0, time.Local)
			light := panelConfig{NightFrom: c.from, NightTo: c.to}.light(at)
			got.WriteString(map[panel.Light]string{panel.Day: ".", panel.Night: "n"}[light])
		}
		if got.String() != c.nights {
			t.Errorf("from %d to %d: %s, want %s", c.from, c.to, got.String(), c.nights)
		}
	}
}

// What is proposed is a configuration, and uses what there is.
func TestTheProposalUsesWhatThereIs(t *testing.T) {
	glass := evdev.Found{Path: "/dev/input/event0", Name: "Goodix", Touch: true}
	pad := evdev.Found{Path: "/dev/input/event1", Name: "USB keypad", Keys: true, Pad: true}
	for name, c := range map[string]struct {
		h     hardware
		panel string
		touch string
		keys  string
	}{
		"nothing":                      {hardware{}, "browser", "none", "none"},
		"a screen":                     {hardware{screens: []string{"/dev/fb0"}, inputs: []evdev.Found{glass, pad}}, "framebuffer", "evdev", "evdev"},
		"a card without a framebuffer": {hardware{cards: []string{"/dev/dri/card0"}, inputs: []evdev.Found{glass}}, "drm", "evdev", "none"},
		"nothing to press":             {hardware{screens: []string{"/dev/fb0"}}, "framebuffer", "none", "evdev"},
		"a bus":                        {hardware{spi: []string{"SPI0.0"}, inputs: []evdev.Found{pad}}, "ili9341", "none", "evdev"},
		"a touch controller":           {hardware{screens: []string{"/dev/fb0"}, chips: []chip{{"gt911", "I2C1", 0x5d}}}, "framebuffer", "gt911", "none"},
		"a touch controller that the kernel drives": {hardware{screens: []string{"/dev/fb0"}, inputs: []evdev.Found{glass}, chips: []chip{{"gt911", "I2C1", 0x5d}}}, "framebuffer", "evdev", "none"},
		"a key expander":   {hardware{screens: []string{"/dev/fb0"}, expanders: []chip{{"mcp23017", "I2C1", 0x21}}}, "framebuffer", "none", "mcp23017"},
		"lines with names": {hardware{spi: []string{"SPI0.0", "SPI0.1"}, pins: hat()}, "ili9341", "xpt2046", "gpio"},
	} {
		got, err := parseConfig(c.h.proposal())
		if err != nil || got.Panel.Driver != c.panel || got.Touch.Driver != c.touch || got.Keys.Driver != c.keys {
			t.Errorf("%s: %+v %+v %+v, %v", name, got.Panel, got.Touch, got.Keys, err)
		}
	}
}

// hat is the lines of buildroot/board/unlockpoint/qemu/hat.dtsi.
func hat() []string {
	return strings.Fields("ROW0 ROW1 ROW2 ROW3 COL0 COL1 COL2 COL3 SCK MOSI MISO CS0 DC RST T_IRQ CS1 LIGHT LAMP BEEPER")
}

// Lines that the device tree has names for are proposed by them.
func TestNamedLinesAreProposed(t *testing.T) {
	got, err := parseConfig(hardware{spi: []string{"SPI0.0", "SPI0.1"}, pins: hat()}.proposal())
	if err != nil {
		t.Fatal(err)
	}
	want := panelConfig{Bus: "SPI0.0", DC: "DC", Reset: "RST", Backlight: "LIGHT"}
	if p := got.Panel; p.Bus != want.Bus || p.DC != want.DC || p.Reset != want.Reset || p.Backlight != want.Backlight {
		t.Errorf("the panel: %+v", p)
	}
	if got.Touch.Bus != "SPI0.1" || got.Touch.Interrupt != "T_IRQ" || len(got.Keys.Rows) != 4 || len(got.Keys.Columns) != 4 ||
		got.Signal != (signalConfig{Beeper: "BEEPER", Lamp: "LAMP"}) {
		t.Errorf("%+v %+v %+v", got.Touch, got.Keys, got.Signal)
	}
}

// Chips on I2C buses of this machine are found by what they answer.
func TestChipsOnBusesAreListedAndProposed(t *testing.T) {
	if _, err := host.Init(); err != nil {
		t.Fatal(err)
	}
	boardtest.I2C(t, touchtest.NewFT6336(), 7, "I2C7")
	matrix := keypadtest.NewMatrix(4, 3)
	boardtest.I2C(t, keypadtest.NewMCP23017(matrix, 0x23, []int{0, 1, 2, 3}, []int{8, 9, 10}), 8, "I2C8")
	h := look(t.Context())
	var out strings.Builder
	if err := h.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ft6336 at 0x38 on I2C7", "mcp23017 at 0x23 on I2C8"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	h.screens = []string{"/dev/fb0"}
	got, err := parseConfig(h.proposal())
	if err != nil || got.Touch.Driver != "ft6336" || got.Touch.Bus != "I2C7" || got.Keys.Bus != "I2C8" || got.Keys.Address != 0x23 {
		t.Errorf("%+v %+v, %v", got.Touch, got.Keys, err)
	}
}

// An engineer sees what is there, and what to write.
func TestTheHardwareIsListed(t *testing.T) {
	var out strings.Builder
	if err := look(t.Context()).print(&out); err != nil {
		t.Fatal(err)
	}
	for _, told := range []string{"framebuffers", "graphics cards", "SPI ports", "GPIO lines", "input devices", "card readers", "Proposed for terminal.toml", "driver = "} {
		if !strings.Contains(out.String(), told) {
			t.Errorf("no %q in\n%s", told, out.String())
		}
	}
}
