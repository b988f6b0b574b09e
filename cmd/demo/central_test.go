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
// to the overview, to a terminal and back, and out.
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
	for range 200 {
		w.run(chromedp.KeyEvent("\t"))
		here, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.activeElement.matches(`+quoted(tag)+`) && document.activeElement.textContent.trim() === `+quoted(text)))
		if err != nil {
			w.t.Fatal(err)
		}
		if here {
			w.run(chromedp.KeyEvent("\r"))
			return
		}
	}
	w.t.Fatalf("Tab never comes to %s %q", tag, text)
}

// see waits for something on whatever page comes.
func (w *window) see(selector string) {
	w.t.Helper()
	w.run(chromedp.WaitVisible(chromedp.CSS(selector)))
}

func quoted(s string) string { return "`" + s + "`" }
