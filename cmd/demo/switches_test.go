package main

import (
	"context"
	"log/slog"
	"testing"

	"github.com/chromedp/chromedp"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// The switches of the page do what their names say, and the strip tells.
func TestTheSwitchesOfThePage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		w := open(t, ctx, h, d, 1280, 1000)
		w.click(`#reader`)
		w.until("reader-missing")
		w.click(`#reader`)
		w.until("idle")

		w.click(`#link`)
		w.wait(`document.querySelector("#strip .strip-link.down dd")?.textContent === "down"`)
		w.click(`#link`)
		w.wait(`document.querySelector("#strip .strip-link:not(.down) dd")?.textContent === "up"`)

		w.run(chromedp.SetValue(chromedp.CSS(`#mail-mode`), "defer"))
		w.run(chromedp.Evaluate[chromedp.Void](`document.getElementById("mail-mode").dispatchEvent(new Event("change"))`))
		w.mailsAre("defer")

		w.click(`#tray [data-card="amina"]`)
		w.until("card.menu")
		w.wait(`[...document.querySelectorAll("#strip div")].some((d) => d.textContent === "attempts left3")`)
		w.click(`[data-advance="60"]`)
		w.until("more-time")
		w.click(`#restart`)
		w.until("card.menu")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mailsAre waits until the mail server behaves in a certain way.
func (w *window) mailsAre(mode string) {
	w.t.Helper()
	for box := (struct{ Mode string }{}); box.Mode != mode; {
		if err := w.Get(w.ctx, "/mail.json", &box); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Who sits at a computer clicks on the glass, and types on its keyboard.
func TestByMouseAndComputerKeyboard(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		w := open(t, ctx, h, d, 1280, 1000)
		amina := newAmina(d, w.look)
		w.click(`#tray [data-card="amina"]`)
		w.until("card.menu")
		f := &finger{window: w, screen: house.Screen, mouse: true}
		if err := f.Press(ctx, "1"); err != nil {
			return err
		}
		w.until("register.start")
		w.run(chromedp.Focus(chromedp.CSS(`#panel`)), chromedp.KeyEvent("\r"))
		w.until("register.passcode")
		w.run(chromedp.KeyEvent(amina.Passcode), chromedp.KeyEvent("\r"))
		w.until("register.question")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
