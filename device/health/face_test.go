package health_test

import (
	"context"
	"slices"
	"testing"

	"unlockpoint/device/health"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
)

// watched is a terminal whose panel somebody looks at.
type watched struct {
	health.Subject // for what it is not asked
	shown          []display.Page
}

func (w *watched) Health(context.Context) (health.Reading, error) { return sound(), nil }
func (w *watched) Events(context.Context) <-chan display.Event    { return nil }
func (w *watched) Show(_ context.Context, p display.Page) error {
	w.shown = append(w.shown, p)
	return nil
}

// away is an engineer who has left the console.
type away struct{}

func (away) Ask(context.Context, string) (string, error) { return "", context.Canceled }
func (away) Say(string)                                  {}

// Whoever passes by a test is told in their language what it is, on all panels.
func TestThePagesOfTestsAreInAllLanguagesAndFit(t *testing.T) {
	w := &watched{}
	ctx, stop := context.WithCancel(t.Context())
	stop() // nobody touches or presses anything
	for _, test := range health.BareTests() {
		test.Run(ctx, w, away{}, func(health.Step) {})
	}
	if len(w.shown) != 3 {
		t.Fatalf("%d pages are shown, not those of panel, touch and keypad", len(w.shown))
	}
	for _, p := range w.shown {
		text := append([]string{p.Title}, p.Body...)
		for _, l := range words.Languages() {
			if !slices.Contains(text, l.Label[p.ID]) || !slices.Contains(text, l.Label["tested"]) {
				t.Errorf("%s does not speak %s: %q", p.ID, l.Name, text)
			}
		}
		p.Words = words.English().Display
		for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
			layouttest.CheckWords(t, p, screen)
		}
	}
}
