package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/health"
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
	"unlockpoint/reader"
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
		go func() {
			done <- newStandIn(c, "", slog.New(slog.DiscardHandler)).shows(ctx, journey.NotSetUp, "bench 3")
		}()
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
			for _, run := range []part{said.Run, func(ctx context.Context) error { return (&standIn{face: f}).stands(ctx, s, said) }} {
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

// seer is an engineer with eyes and hands at a terminal that serves nobody.
type seer struct {
	*standIn
	title string // of the page that a test shows
	does  []display.Event
}

func (s *seer) Show(ctx context.Context, p display.Page) error {
	s.title = p.Title
	return s.standIn.Show(ctx, p)
}

func (s *seer) Ask(context.Context, string) (string, error) { return s.title, nil }

func (s *seer) Say(string) {
	for _, e := range s.does {
		s.face.events <- e
	}
}

// An engineer tests what people stand in front of before anybody is served, and
// the keys that are pressed for that do nothing else.
func TestAFaceIsTestedWhereNobodyIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := layouttest.Small()
		f := &face{events: make(chan display.Event)}
		said := front.New(browser.New(screen.Width, screen.Height), screen, front.Patience{}, nil)
		s, _ := journey.Start(journey.RuleSet{Terminal: "bench 3"}).Next(journey.Fault{Why: journey.NotSetUp})
		here := &standIn{Guests: make(health.Guests), face: f}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		for _, run := range []part{said.Run, func(ctx context.Context) error { return here.stands(ctx, s, said) }} {
			go func() { done <- run(ctx) }()
		}
		e := &seer{standIn: here}
		for n := range 4 {
			e.does = append(e.does, display.Event{Key: fmt.Sprint(n)}, display.Event{Touch: &display.Touch{Phase: display.Down, X: 50 * n}})
		}
		here.slot.Store(&reader.Presence{Reader: "ACS ACR39U"})
		verdicts := map[string]health.Verdict{}
		for _, test := range health.BareTests() {
			if test.Name != "network" { // this machine may have none
				test.Run(ctx, e, e, func(step health.Step) { verdicts[step.What] = step.Verdict })
			}
		}
		want := map[string]health.Verdict{"panel": health.Passed, "touch": health.Passed, "keypad": health.Passed, "reader": health.Passed}
		if !maps.Equal(verdicts, want) {
			t.Errorf("%v", verdicts)
		}
		stop()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
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
	here := newStandIn(c, "", slog.New(slog.NewTextHandler(&said, nil)))
	if err := here.shows(ctx, journey.NotSetUp, ""); err != nil || !strings.Contains(said.String(), "/dev/nowhere") {
		t.Errorf("%v: %s", err, said.String())
	}
	for _, test := range health.BareTests()[:2] { // panel and touch
		test.Run(t.Context(), here, &seer{}, func(step health.Step) {
			if step.Verdict == health.Passed || !strings.Contains(step.Found, "/dev/nowhere") {
				t.Errorf("the test tells %+v", step)
			}
		})
	}
}
