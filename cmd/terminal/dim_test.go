package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display/panel"
)

// How bright a panel is, and when it is looked at again.
func TestAPanelSleepsWhereNobodyComes(t *testing.T) {
	c := panelConfig{NightFrom: 21, NightTo: 6, Sleep: 3600, NightSleep: 600}
	noon, night := time.Date(2026, 1, 2, 12, 0, 0, 0, time.Local), time.Date(2026, 1, 2, 23, 0, 0, 0, time.Local)
	for _, step := range []struct {
		at    time.Time
		since time.Duration // nobody is there; 0: somebody is
		light panel.Light
		again time.Duration
	}{
		{noon, 0, panel.Day, time.Minute},
		{noon, time.Hour - 7*time.Second, panel.Day, 7 * time.Second},
		{noon, time.Hour, panel.Dark, time.Minute},
		{night, 5 * time.Minute, panel.Night, time.Minute},
		{night, 10 * time.Minute, panel.Dark, time.Minute},
		{night, 0, panel.Night, time.Minute},
	} {
		var left time.Time
		if step.since > 0 {
			left = step.at.Add(-step.since)
		}
		if light, again := c.lights(step.at, left); light != step.light || again != step.again {
			t.Errorf("at %v, alone for %v: %v, again in %v", step.at, step.since, light, again)
		}
	}
	if light, _ := (panelConfig{}).lights(noon, noon.Add(-time.Hour*1000)); light != panel.Day {
		t.Error("a panel sleeps that is never to")
	}
}

// A panel that sleeps is woken by a touch, which does nothing else; the next
// one does.
func TestATouchWakesAPanel(t *testing.T) {
	c, err := parseConfig(fmt.Sprintf(resistive, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c.Panel.Saver, c.Panel.Sleep, c.Panel.NightSleep = 300, 600, 600
	story(t, func(t *testing.T, m mount) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- newStandIn(c, "", slog.New(slog.DiscardHandler)).shows(ctx, journey.StoreFull, "ward 7")
		}()
		settings := image.Pt(360, 20) // in the band
		is := func(what string, showing bool) {
			t.Helper()
			time.Sleep(time.Second)
			if m.panel.Showing() != showing {
				t.Errorf("%s: it shows something is %v", what, m.panel.Showing())
			}
		}
		is("at first", true)
		before := m.panel.Picture(90)
		time.Sleep(615 * time.Second)
		is("after 10 minutes", false)
		time.Sleep(time.Hour)
		is("after an hour", false)
		m.press(settings)
		is("after a touch", true)
		if now := m.panel.Picture(90); string(now.Pix) != string(before.Pix) {
			t.Error("the touch that woke it did something else")
		}
		m.press(settings)
		time.Sleep(time.Second)
		if now := m.panel.Picture(90); string(now.Pix) == string(before.Pix) {
			t.Error("the next touch did nothing")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
