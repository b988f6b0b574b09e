package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"unlockpoint/device/appliance"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/profiles"
	"unlockpoint/sync/socket"
)

// card is what a field engineer may know of the inserted card.
type card struct {
	Reader    string    `json:"reader"`
	PinPad    []string  `json:"pin_pad,omitempty"` // what the reader's own keys can do
	In        bool      `json:"in"`
	ATR       string    `json:"atr,omitempty"`
	ID        string    `json:"id,omitempty"`
	Profile   string    `json:"profile,omitempty"`
	Tries     int       `json:"passcode_tries"`
	PUKTries  int       `json:"puk_tries"` // -1: the card does not say
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	Proves    bool      `json:"proves"`
	Asks      bool      `json:"asks"`
	Rotates   bool      `json:"rotates"`
	Factory   bool      `json:"factory_key"`
	Commands  []command `json:"commands,omitempty"`
}

// command is how long the card took for one.
type command struct {
	Name   string  `json:"name"`
	MS     float64 `json:"ms"`
	Status string  `json:"status,omitempty"`
}

func cardOf(s appliance.CardStatus) card {
	i := s.Info
	c := card{
		Reader: s.Presence.Reader, In: s.Presence.Card, ATR: hex.EncodeToString(s.ATR),
		ID: i.ID, Profile: i.Profile, Tries: i.Tries, PUKTries: i.PUKTries,
		NotBefore: i.NotBefore, NotAfter: i.NotAfter,
		Proves: i.Proves, Asks: i.Asks, Rotates: i.Rotates, Factory: i.Factory,
	}
	if s.Pad.Verifies {
		c.PinPad = append(c.PinPad, "verify")
	}
	if s.Pad.Changes {
		c.PinPad = append(c.PinPad, "change")
	}
	for _, t := range s.Timings {
		one := command{Name: t.Command, MS: float64(t.Took.Microseconds()) / 1000}
		if t.Status != 0 {
			one.Status = t.Status.String()
		}
		c.Commands = append(c.Commands, one)
	}
	return c
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
	slot := pcsc.NewSlot(cfg.Reader.pcsc())
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
	status.ATR = link.ATR()
	if pad, ok := link.(reader.PinPad); ok {
		status.Pad = pad.Pad()
	}
	meter := iso7816.NewMeter(link, time.Now)
	_, status.Info, err = profiles.Open(ctx, meter)
	status.Timings = meter.Timings()
	if errors.Is(err, reader.ErrUnknownCard) || errors.Is(err, reader.ErrUnsupported) {
		err = nil // which print says
	}
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
	if len(c.PinPad) > 0 {
		fmt.Fprintf(w, "reader's keys   %s\n", strings.Join(c.PinPad, ", "))
	}
	if c.ATR != "" {
		fmt.Fprintf(w, "answer to reset %s\n", c.ATR)
	}
	if c.ID == "" {
		_, err := fmt.Fprintln(w, "card            not read, or of no kind that is served here")
		return err
	}
	fmt.Fprintf(w, "card            %s\ntype            %s\n", c.ID, c.Profile)
	fmt.Fprintf(w, "passcode tries  %s\nPUK tries       %s\n", count(c.Tries), count(c.PUKTries))
	fmt.Fprintf(w, "valid           %s to %s\n", day(c.NotBefore), day(c.NotAfter))
	fmt.Fprintf(w, "proves itself   %s\nPUK             %s\n", c.proof(), c.puk())
	for _, k := range c.Commands {
		fmt.Fprintf(w, "  %7.1f ms  %-4s  %s\n", k.MS, k.Status, k.Name)
	}
	return nil
}

func (c card) proof() string {
	switch {
	case c.Proves:
		return "at any time, by a key of its own"
	case c.Asks:
		return "as it is unblocked, by the key that it shares with central"
	}
	return "no"
}

func (c card) puk() string {
	switch {
	case c.Factory:
		return "still the factory's: central changes it at the next unlock"
	case c.Asks:
		return "none: the key that unblocks it stays at central"
	case c.Rotates:
		return "changed after every unlock"
	}
	return "kept for good"
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
