package settings_test

import (
	"log/slog"
	"strings"
	"testing"

	"unlockpoint/cmd/settings"
)

type file struct {
	Name  string `toml:"name"`
	Panel struct {
		Width int `toml:"width"`
	} `toml:"panel"`
}

func TestAFileIsReadOverTheDefaults(t *testing.T) {
	f := file{Name: "usual"}
	f.Panel.Width = 800
	if err := settings.Read("[panel]\nwidth = 480", &f, "x config"); err != nil || f.Name != "usual" || f.Panel.Width != 480 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestAnErrorNamesTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"name = ":                         "line 1: ",
		"\nnam = \"x\"":                   `line 2: there is no setting nam: "x config" lists them all`,
		"name = \"x\"\n[panel]\nwide = 1": "line 3: there is no setting panel.wide",
		"[panl]\nwidth = 1":               "line 1: there is no setting panl",
		"\npanel.wide = 1":                "line 2: there is no setting panel.wide",
		"[panel]\nwidth = \"x\"":          "width",
	} {
		if err := settings.Read(text, new(file), "x config"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestLevels(t *testing.T) {
	if l, err := settings.Level("warn"); l != slog.LevelWarn || err != nil {
		t.Error(l, err)
	}
	if _, err := settings.Level("loud"); err == nil {
		t.Error("loud was taken")
	}
}
