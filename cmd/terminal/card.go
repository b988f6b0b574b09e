package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"unlockpoint/device/appliance"
	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/piv"
	"unlockpoint/sync/socket"
)

// card is what a field engineer may know of the inserted card.
type card struct {
	Reader    string    `json:"reader"`
	In        bool      `json:"in"`
	ID        string    `json:"id,omitempty"`
	Profile   string    `json:"profile,omitempty"`
	Tries     int       `json:"passcode_tries"`
	PUKTries  int       `json:"puk_tries"` // -1: the card does not say
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	Proves    bool      `json:"proves"`
	Rotates   bool      `json:"rotates"`
}

func cardOf(s appliance.CardStatus) card {
	i := s.Info
	return card{
		Reader: s.Presence.Reader, In: s.Presence.Card,
		ID: i.ID, Profile: i.Profile, Tries: i.Tries, PUKTries: i.PUKTries,
		NotBefore: i.NotBefore, NotAfter: i.NotAfter, Proves: i.Proves, Rotates: i.Rotates,
	}
}

type cardCmd struct {
	JSON bool `help:"Print JSON."`
}

// Run asks the running terminal, which holds the card; without one it opens
// the card itself.
func (c *cardCmd) Run(ctx context.Context, top *cli) error {
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	var now card
	body, err := fetch(ctx, cfg.Socket, "/card")
	switch {
	case errors.Is(err, socket.ErrNobody):
		now, err = readCard(ctx, cfg)
	case err == nil:
		err = json.Unmarshal(body, &now)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(now)
	}
	return now.print(os.Stdout)
}

func readCard(ctx context.Context, cfg config) (card, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	slot := pcsc.NewSlot(pcsc.Config{Readers: cfg.Reader.Names})
	watch := slot.Watch(ctx)
	status := appliance.CardStatus{Presence: <-watch}
	if !status.Presence.Card {
		return cardOf(status), nil
	}
	link, err := slot.Open(ctx)
	if err != nil {
		return card{}, err
	}
	defer link.Close()
	profile, err := piv.Open(ctx, link)
	if err != nil {
		return card{}, err
	}
	status.Info, err = profile.Info(ctx)
	return cardOf(status), err
}

func (c card) print(w io.Writer) error {
	if c.Reader == "" {
		return errors.New("no card reader: plug one in, and see that pcscd runs")
	}
	fmt.Fprintf(w, "reader          %s\n", c.Reader)
	if !c.In {
		_, err := fmt.Fprintln(w, "card            none: put one in")
		return err
	}
	if c.ID == "" {
		_, err := fmt.Fprintln(w, "card            not read, or of no kind that is served here")
		return err
	}
	fmt.Fprintf(w, "card            %s\ntype            %s\n", c.ID, c.Profile)
	fmt.Fprintf(w, "passcode tries  %s\nPUK tries       %s\n", count(c.Tries), count(c.PUKTries))
	fmt.Fprintf(w, "valid           %s to %s\n", day(c.NotBefore), day(c.NotAfter))
	_, err := fmt.Fprintf(w, "can prove       %t\ncan renew PUK   %t\n", c.Proves, c.Rotates)
	return err
}

func count(n int) string {
	switch n {
	case reader.Unknown:
		return "not told by the card"
	case 0:
		return "0 (blocked)"
	}
	return fmt.Sprint(n)
}

func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Format("2 January 2006")
}
