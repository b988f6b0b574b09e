package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display/layout"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/typing"
)

// A terminal that is not set up says so on its panel until it is, and
// leaves the panel dark for what comes then.
func TestATerminalThatIsNotSetUpSaysSo(t *testing.T) {
	c, err := parseConfig(fmt.Sprintf(resistive, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c.Panel.NightFrom = c.Panel.NightTo // by night the picture is darker: this panel has no light of its own
	story(t, func(t *testing.T, m mount) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.standIn(ctx, journey.NotSetUp, "bench 3", slog.New(slog.DiscardHandler)) }()
		build, _ := settings.Build()
		s, _ := journey.Start(journey.RuleSet{Terminal: "bench 3 (" + build + ")"}).Next(journey.Fault{Why: journey.NotSetUp})
		shows := func(s journey.State) {
			t.Helper()
			time.Sleep(2 * time.Second)
			screen := layout.Screen{Width: 480, Height: 320, PPMM: c.Panel.PPMM}
			want := image.NewRGBA(screen.Bounds())
			page := pages.View(s)
			paint.New().Paint(layout.Of(page, screen, typing.State{}), want)
			if at, differ := paneltest.Difference(m.panel.Picture(90), want, 16); differ {
				t.Errorf("%q is not on the panel, at %v", page.Title, at)
			}
			if text := strings.Join(page.Body, " "); page.ID != "out-of-service" || !strings.Contains(text, build) || !strings.Contains(text, "enrol") {
				t.Errorf("the page is %s: %s", page.ID, text)
			}
		}
		shows(s)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if m.panel.Showing() {
			t.Error("the page is left on the panel")
		}
	})
}

// Whoever is at a panel that is set up wrong has a console all the same.
func TestAWrongPanelKeepsNobodyFromTheConsole(t *testing.T) {
	c, err := parseConfig("[panel]\ndriver = \"framebuffer\"\ndevice = \"/dev/nowhere\"\n[keys]\ndriver = \"evdev\"")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := c.standIn(ctx, journey.NotSetUp, "", slog.New(slog.NewTextHandler(&said, nil))); err != nil || !strings.Contains(said.String(), "/dev/nowhere") {
		t.Errorf("%v: %s", err, said.String())
	}
}
