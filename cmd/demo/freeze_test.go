package main

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// Somebody has Amina's card and passcode and registers it. The code goes to
// her, and she stops it with the link in the mail.
func TestTheHolderStopsItWithTheLinkInTheMail(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		thief := newAmina(d, func(robot.Page, time.Duration) {})
		if err := thief.Insert(ctx); err != nil {
			return err
		}
		if err := thief.Walk(ctx, "register.code", robot.Registering()); err != nil {
			return err
		}
		code, err := thief.Code()
		if err != nil {
			return err
		}
		link, err := linkIn(ctx, d)
		if err != nil {
			return err
		}

		w := &window{t: t, ctx: browser(t, ctx, 800, 700), house: h, Driver: d}
		w.run(chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("form button")))
		w.shot("link")
		if got := h.Page().ID; got != "register.code" {
			t.Errorf("looking at the link leads to %s", got)
		}
		w.click("form button")
		w.run(chromedp.WaitVisible(chromedp.CSS("#stopped")))
		w.shot("stopped")

		if err := d.Type(ctx, code); err != nil {
			return err
		}
		if err := d.Press(ctx, "Enter"); err != nil {
			return err
		}
		w.until("card.frozen")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// linkIn is the link of the newest mail.
func linkIn(ctx context.Context, d robot.Driver) (string, error) {
	var box struct{ Mails []struct{ Text string } }
	if err := d.Get(ctx, "/mail.json", &box); err != nil {
		return "", err
	}
	for _, m := range box.Mails {
		if link := regexp.MustCompile(`http\S+/freeze/\S+`).FindString(m.Text); link != "" {
			return strings.TrimSpace(link), nil
		}
	}
	return "", fmt.Errorf("no link in %d mails", len(box.Mails))
}
