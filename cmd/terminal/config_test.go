package main

import (
	"strings"
	"testing"
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
		"identity = \"\"":                     "identity is empty: name the file",
		"data = \"\"":                         "data is empty: name a folder",
		"log = \"loud\"":                      "write debug",
		"dta = \"x\"":                         "line 1: there is no setting dta",
		"data = ":                             "line 1:",
		"[panel]\ndriver = \"film\"":          "panel.driver is \"film\": write",
		"[panel]\nwidth = 10":                 "width goes from 320",
		"[panel]\npixels_per_mm = 1.0":        "panel.pixels_per_mm is 1: write",
		"[panel]\nlisten = \"0.0.0.0:8090\"":  "only a loopback address",
		"[panel]\nlisten = \"here\"":          "panel.listen is \"here\": write",
		"[panel]\nlisten = \"door.local:80\"": "only a loopback address",
		"[broker]\nfirst_try_s = -1":          "broker.first_try_s",
	} {
		if _, err := parseConfig(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
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
