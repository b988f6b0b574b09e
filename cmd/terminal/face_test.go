package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"unlockpoint/display/evdev"
	"unlockpoint/display/panel"
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
	const small = "[panel]\nlisten = \"127.0.0.1:0\"\nwidth = 320\nheight = 240\npixels_per_mm = "
	for ppmm, want := range map[string]string{"6.45": "50 by 37 mm, and the pages need 42.5 by 57 mm", "5.6": ""} {
		c, err := parseConfig(small + ppmm)
		if err != nil {
			t.Fatal(err)
		}
		_, err = newFace(c, slog.New(slog.DiscardHandler))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s pixels a millimetre: %v, want %q", ppmm, err, want)
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
		"a touch controller":           {hardware{screens: []string{"/dev/fb0"}, chips: []chip{{"gt911", "I2C1"}}}, "framebuffer", "gt911", "none"},
	} {
		got, err := parseConfig(c.h.proposal())
		if err != nil || got.Panel.Driver != c.panel || got.Touch.Driver != c.touch || got.Keys.Driver != c.keys {
			t.Errorf("%s: %+v %+v %+v, %v", name, got.Panel, got.Touch, got.Keys, err)
		}
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
