package main

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestTheExampleIsAConfiguration(t *testing.T) {
	c, err := parseConfig(example)
	if err != nil || c.Socket != "/var/lib/unlockpoint/terminal.sock" || c.Panel.Width != 800 {
		t.Fatalf("%+v, %v", c, err)
	}
}

func TestWhatIsLeftOutIsAsUsual(t *testing.T) {
	c, err := parseConfig("data = \"/srv\"\n")
	if err != nil || c.Panel.Listen != "127.0.0.1:8090" || c.Socket != "/srv/terminal.sock" {
		t.Fatalf("%+v, %v", c, err)
	}
}

func TestAWrongSettingIsNamedWithWhatToWrite(t *testing.T) {
	for text, want := range map[string]string{
		"identity = \"\"":               "identity is empty: name the file",
		"data = \"\"":                   "data is empty: name a folder",
		"log = \"loud\"":                "write debug",
		"dta = \"x\"":                   "line 1: there is no setting dta",
		"data = ":                       "line 1:",
		"[panel]\ndriver = \"film\"":    "panel.driver is \"film\": write",
		"[panel]\ndriver = \"ili9341\"": "touch.driver and keys.driver are both none",
		"[panel]\ndriver = \"ili9341\"\n[touch]\ndriver = \"glass\"": "touch.driver is \"glass\": write one of none, evdev, xpt2046",
		"[panel]\ndriver = \"ili9341\"\n[keys]\ndriver = \"usb\"":    "keys.driver is \"usb\": write one of none, evdev, gpio",
		"[touch]\ndriver = \"glass\"":                                "line 2: touch.driver is \"glass\"",
		"[keys]\ndriver = \"usb\"":                                   "line 2: keys.driver is \"usb\"",
		"[touch]\ndriver = \"evdev\"\nname = \"\"":                   "line 3: touch.name is empty",
		"[keys]\ndriver = \"evdev\"\nname = \"\"":                    "line 3: keys.name is empty",
		"[touch]\ndriver = \"gt911\"\naddress = 65629":               "line 3: touch.address is 0x1005d",
		"panel.driver = \"film\"":                                    "line 1: panel.driver is \"film\"",
		"[panel]\nnight_to = 24":                                     "panel.night_to 24: write hours",
		"[panel]\nveil_s = -1":                                       "panel.veil_s is -1: write",
		"[panel]\nsleep_s = -1":                                      "panel.sleep_s is -1",
		"[panel]\nsaver_s = 0\nnight_sleep_s = 60":                   "panel.saver_s is 0",
		"[panel]\nsaver_s = -1":                                      "panel.saver_s is -1: write",
		"[panel]\nwidth = 10":                                        "width and height go from 240",
		"[panel]\npixels_per_mm = 1.0":                               "panel.pixels_per_mm is 1: write",
		"[panel]\nlisten = \"0.0.0.0:8090\"":                         "only a loopback address",
		"[panel]\nlisten = \"here\"":                                 "panel.listen is \"here\": write",
		"[panel]\nlisten = \"door.local:80\"":                        "only a loopback address",
		"[reader]\nwithdrawn_atrs = [\"piv\"]":                       "reader.withdrawn_atrs has an entry that is no answer to reset",
		"[reader]\nnames = [\"acs\", \" \"]":                         "reader.names has an empty name",
		"[reader]\npin_pad = \"on\"":                                 "reader.pin_pad is \"on\": write",
		"[keys]\ndouble_ms = 2000":                                   "keys.double_ms is 2000: write 0 to 1000",
		"[speech]\nwhen = \"always\"":                                "speech.when is \"always\": write one of asked, headset, off",
		"[broker]\nfirst_try_s = -1":                                 "broker.first_try_s",
		"[broker]\nurl = \"http://x\"":                               "broker.url is \"http://x\": write \"mqtt://",
		"[broker]\nurl = \"mqtts://\"":                               "broker.url is \"mqtts://\": write",
		"[broker]\nurl = \"127.0.0.1:1883\"":                         "broker.url is \"127.0.0.1:1883\": write",
	} {
		if _, err := parseConfig(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// A setting that the driver has no use for is named, with the drivers that have.
func TestASettingOfAnotherDriverIsNamed(t *testing.T) {
	const small, keyed = "[panel]\ndriver = \"st7796\"\n", "\n[keys]\ndriver = \"evdev\"\n"
	for text, want := range map[string]string{
		"[panel]\nrotation = 90":                                "line 2: panel.rotation is for ili9341, st7789, st7796, hx8357d, ili9488, framebuffer, drm: with panel.driver \"browser\" leave it out",
		"[panel]\ndc = \"GPIO24\"":                              "line 2: panel.dc is for ili9341, st7789, st7796, hx8357d, ili9488: with",
		"[touch]\ndriver = \"evdev\"":                           "line 2: touch.driver is for ili9341",
		"[keys]\nname = \"[\"":                                  "line 2: keys.name is for evdev: with keys.driver \"none\"",
		"\n\n[signal]\nlamp = \"GPIO5\"":                        "line 4: signal.lamp is for ili9341",
		"panel.sleep_s = 600":                                   "line 1: panel.sleep_s is for",
		small + "listen = \"127.0.0.1:1\"" + keyed:              "line 3: panel.listen is for browser: with panel.driver \"st7796\"",
		small + "device = \"/dev/fb1\"" + keyed:                 "line 3: panel.device is for framebuffer, drm",
		"[panel]\ndriver = \"drm\"\nreset = \"GPIO25\"" + keyed: "line 3: panel.reset is for ili9341",
		small + keyed + "rows = [\"A0\"]":                       "line 6: keys.rows is for gpio, mcp23017: with keys.driver \"evdev\"",
		small + "[keys]\ndriver = \"gpio\"\naddress = 0x20":     "line 5: keys.address is for mcp23017",
		small + keyed + "[touch]\nmirror = true":                "line 7: touch.mirror is for xpt2046, ft6336, gt911, evdev: with touch.driver \"none\"",
		example:                                                 "",
		small + keyed + "bus = \"\"":                            "",
		"[panel]\nlisten = \"[::1]:1\"":                         "",
	} {
		if _, err := parseConfig(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Every setting in that list is one of the file.
func TestTheSettingsOfSomeDriversAreInTheExample(t *testing.T) {
	var file map[string]any
	if _, err := toml.Decode(example, &file); err != nil {
		t.Fatal(err)
	}
	for _, o := range onlys() {
		for setting := range strings.FieldsSeq(o.settings) {
			if valueOf(file, setting) == nil {
				t.Errorf("there is no setting %s", setting)
			}
		}
	}
}

// The line is that of the setting, or of its table where several do not go
// together; and so it is for what only the hardware finds out.
func TestAWrongSettingIsNamedWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"log = \"info\"\n[panel]\n\nveil_s = 700": "line 4: panel.veil_s is 700: write 0 to 600",
		"\n[panel]\nwidth = 10":                   "line 2: panel is 10x480 pixels",
		"[panel]\nveil_s = \"ten\"":               "line 2: panel.veil_s is of another kind: write a whole number",
		"\nlog = \"loud\"":                        "line 2: log is \"loud\"",
		"# nothing\n[reader]\npin_pad = \"on\"":   "line 3: reader.pin_pad",
		"[panel]\nwidth = true":                   "write a whole number",
		"[panel]\npixels_per_mm = \"5\"":          "write a number",
		"[reader]\nnames = \"acs\"":               "write a list in brackets",
		"[panel]\ninvert = 1":                     "write true or false",
		"data = 7":                                "write text in quotes",
		"[panel]\ndriver = \"st7796\"\nrotation = 45\n[touch]\ndriver = \"evdev\"": "line 3: panel: rotation is 45",
	} {
		c, err := parseConfig(text)
		if err == nil {
			c.path, c.text = "terminal.toml", text
			if _, opened := newFace(c, slog.New(slog.DiscardHandler)); opened != nil {
				err = c.at(opened)
			}
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// So it is for what the kernel drives, beside a panel that opens, and for what
// speaks.
func TestAWrongDeviceIsNamedWithItsLine(t *testing.T) {
	mounted(t)
	for wrong, want := range map[string]string{
		"[touch]\ndriver = \"evdev\"\nname = \"[\"":                         "line 9: touch: name is \"[\", which is no pattern",
		"[keys]\ndriver = \"evdev\"\nname = \"[\"":                          "line 9: keys: name is \"[\", which is no pattern",
		"[keys]\ndriver = \"evdev\"\npads = \"[\"":                          "line 9: keys: pads is \"[\", which is no pattern",
		"[keys]\ndriver = \"evdev\"\nkeyboard = \"fr\"":                     "line 9: keys: keyboard is \"fr\": write uk or us",
		"[keys]\ndriver = \"evdev\"\n[speech]\nprogram = \"no-such-voice\"": "line 10: speech: program is \"no-such-voice\": executable file not found in $PATH: install espeak-ng, or leave it out",
		"[touch]\ndriver = \"ft6336\"\nbus = \"I2C9\"":                      "line 9: touch: bus is \"I2C9\", and there is no such I2C bus",
	} {
		text := "\n[panel]\ndriver = \"st7796\"\nbus = \"SPI0.0\"\ndc = \"DC\"\npixels_per_mm = 6.45\n" + wrong
		c, err := parseConfig(text)
		if err != nil {
			t.Fatal(err)
		}
		c.path, c.text = "terminal.toml", text
		if _, err := newFace(c, slog.New(slog.DiscardHandler)); err == nil || !strings.HasPrefix(c.at(err).Error(), "terminal.toml: "+want) {
			t.Errorf("%s: %v, want %q", wrong, c.at(err), want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(example)
	f.Add("[panel]\nwidth = 1979-05-27")
	f.Add("a.b.c = {d = [1, {}]}")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseConfig(text); err == nil && (c.Identity == "" || c.Data == "") {
			t.Fatalf("accepted: %+v", c)
		}
	})
}

func TestTheKeysOfReadersMayBeLeftAlone(t *testing.T) {
	for text, want := range map[string]bool{
		"":                             false,
		"[reader]\npin_pad = \"auto\"": false,
		"[reader]\npin_pad = \"off\"":  true,
	} {
		if c, err := parseConfig(text); err != nil || c.Reader.pcsc().NoPinPad != want {
			t.Errorf("%q: %+v, %v", text, c.Reader, err)
		}
	}
}
