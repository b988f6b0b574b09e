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
		w.run(chromedp.EmulateViewport(1280, 1200))
		over, err := chromedp.Run(w.ctx, chromedp.Evaluate[int](fullTable, chromedp.EvalAwaitPromise))
		w.shot("full")
		if over > 0 || err != nil {
			t.Errorf("what central sees is cut by %d pixels (%v)", over, err)
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

// fullTable shows the most that a row of what central sees can hold, of a
// card that is not in the tray, and returns by how much that is too wide.
const fullTable = `(async () => {
	const { showCentral } = await import("/static/central.js");
	const central = await (await fetch("/central.json")).json();
	central.rows = [{ card: "openpgp:" + "9a".repeat(32), standing: "unregistered", attempts_left: 3, wrong_codes: 12,
		case: { purpose: "register", tries_left: 5, mail: "deferred" }, terminal: central.terminals[0].id }];
	showCentral(central, []);
	const body = document.getElementById("central");
	return body.scrollWidth - body.clientWidth;
})()`
