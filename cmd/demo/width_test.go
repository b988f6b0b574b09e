package main

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/chromedp/chromedp"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// The page fits screens from a phone's to a desk's: nothing sticks out at
// the side, and every button has a name.
func TestPageFitsEveryScreen(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		w := open(t, ctx, h, d, 1280, 800)
		w.click(`#tray [data-card="amina"]`)
		for _, width := range []int64{360, 768, 1024, 1280, 1920} {
			w.run(chromedp.EmulateViewport(width, 1200))
			w.shot(fmt.Sprint(width))
			over, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if err != nil {
				return err
			}
			if over > 0 {
				t.Errorf("at %d pixels %d stick out", width, over)
			}
		}
		nameless, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](
			`[...document.querySelectorAll("button, select, canvas")].filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length)).length`))
		if nameless > 0 {
			t.Errorf("%d buttons have no name", nameless)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
