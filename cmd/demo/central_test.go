package main

import (
	"context"
	"log/slog"
	"testing"

	"github.com/chromedp/chromedp"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// Central's own pages in a browser, by the keyboard alone: from the demo's page
// to a terminal, to a card whose self-service is stopped, to the audit log, and out.
func TestCentralsPagesByKeyboardOnly(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		w := open(t, ctx, h, d, 1280, 900)
		w.goTo(`button`, "Central's own pages")
		w.see("main.overview .tag.green")
		w.shot("overview")
		w.goTo(`a`, "Ward 7 corridor")
		w.see("main.terminal .tag.green")
		w.shot("terminal")
		w.goTo(`button`, "Screenshot")
		w.see("main.job .tag.green")
		w.shot("job")
		w.goTo(`a`, "Settings")
		w.see("main.settings table")
		w.shot("settings")
		w.goTo(`a`, "Completion")
		w.see("main.steps form")
		w.shot("steps")
		w.goTo(`a`, "Cards")
		w.see("main.cards")
		w.run(chromedp.KeyEvent("shah\r"))
		w.see("main.cards table")
		w.shot("found")
		w.goTo(`button`, "Open")
		w.see("main.card .facts")
		w.shot("card")
		w.goTo(`summary`, "Stop self-service")
		w.fill("card.freeze-reason", "card was lost")
		w.see("main.done")
		w.shot("done")
		w.goTo(`button`, "Back to the card")
		w.see("main.card .facts .tag.red")
		w.shot("stopped")
		w.goTo(`a`, "Audit")
		w.see("main.audit table")
		w.shot("audit")
		w.goTo(`button`, "Verify")
		w.see("main.done .facts")
		w.shot("verified")
		w.goTo(`a`, "admin, admin")
		w.see("main.password")
		w.shot("password")
		w.goTo(`button`, "Log out")
		w.see("main.enter")
		w.shot("enter")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goTo presses Tab until what has the focus is the one with that text, and then
// Enter.
func (w *window) goTo(tag, text string) {
	w.t.Helper()
	w.tabTo(`document.activeElement.matches("` + tag + `") && document.activeElement.textContent.trim() === "` + text + `"`)
	w.run(chromedp.KeyEvent("\r"))
}

// fill presses Tab until it is in a field, types, and sends the form.
func (w *window) fill(field, text string) {
	w.t.Helper()
	w.tabTo(`document.activeElement.id === "` + field + `"`)
	w.run(chromedp.KeyEvent(text + "\r"))
}

func (w *window) tabTo(wanted string) {
	w.t.Helper()
	for range 200 {
		w.run(chromedp.KeyEvent("\t"))
		here, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](wanted))
		if err != nil {
			w.t.Fatal(err)
		}
		if here {
			return
		}
	}
	w.t.Fatalf("Tab never comes to where %s", wanted)
}

// see waits for something on whatever page comes, which has to be as wide as the
// window, its tables too.
func (w *window) see(selector string) {
	w.t.Helper()
	w.run(chromedp.WaitVisible(chromedp.CSS(selector)))
	wide, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](
		`[document.documentElement, ...document.querySelectorAll(".table")].filter((e) => e.scrollWidth > e.clientWidth).length`))
	if wide > 0 || err != nil {
		w.t.Errorf("%s: %d sideways scrolls (%v)", selector, wide, err)
	}
}
