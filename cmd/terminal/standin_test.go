package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
	"unlockpoint/display/browser"
	"unlockpoint/display/front"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/speech"
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

// ear hears a voice, and when it falls silent.
type ear chan string

func (e ear) Say(u speech.Utterance) { e <- u.Text }
func (e ear) Hush()                  { e <- "silence" }

// Pages that stand in are read aloud like all others: with a headset at once,
// without one to those who ask.
func TestAPageThatStandsInIsReadAloud(t *testing.T) {
	for _, why := range []journey.FaultID{journey.NotSetUp, journey.StoreFull} {
		synctest.Test(t, func(t *testing.T) {
			jack, heard, screen := make(chan bool), make(ear, 100), layouttest.Small()
			f := &face{events: make(chan display.Event), headset: jack, asked: true}
			said := front.New(browser.New(screen.Width, screen.Height), screen, front.Patience{}, speech.NewSpeaker(heard))
			s, _ := journey.Start(journey.RuleSet{Terminal: "bench 3"}).Next(journey.Fault{Why: why})
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			for _, run := range []part{said.Run, func(ctx context.Context) error { return f.stands(ctx, s, said) }} {
				go func() { done <- run(ctx) }()
			}
			spoken := func() (all []string) {
				time.Sleep(2 * time.Second)
				for len(heard) > 0 {
					all = append(all, <-heard)
				}
				return all
			}
			title := pages.View(s).Title
			asks := func() { // as on every page: in the settings, and back
				for _, key := range []string{display.Settings, journey.AloudKey, display.Cancel} {
					f.events <- display.Event{Key: key}
				}
			}
			for _, step := range []struct {
				what  string
				do    func()
				reads bool
			}{
				{"at first", func() {}, false},
				{"who asks for it", asks, true},
				{"who asks for silence", asks, false},
				{"a headset", func() { jack <- true }, true},
				{"no headset", func() { jack <- false }, false},
			} {
				step.do()
				if all := spoken(); strings.Contains(strings.Join(all, "\n"), title) != step.reads {
					t.Errorf("%s, %s: %q is heard", why, step.what, all)
				}
			}
			stop()
			for range 2 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		})
	}
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
