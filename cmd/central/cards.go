package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/wire"
)

type cardsCmd struct {
	Add    addCard     `cmd:"" help:"Add one smartcard."`
	Import importCards `cmd:"" help:"Add the smartcards of a CSV file, all or none."`
	Ls     lsCards     `cmd:"" help:"List the smartcards."`
}

type addCard struct {
	Card        string `arg:"" help:"Card id, as \"terminal card\" prints it."`
	Profile     string `default:"piv" help:"Type of card: piv, gids, openpgp, isoapplet or authentic."`
	Holder      string `required:"" help:"Name of the holder, to greet in mails."`
	Email       string `help:"Address of the holder; empty: the booth sets one."`
	Site        string `required:"" help:"Id of the holder's site."`
	PUK         string `name:"puk-file" type:"path" placeholder:"FILE" help:"File with the PUK, admin key or other key that unblocks the card; without it, the key is the one that central derives."`
	Certificate string `help:"Card authentication certificate: DER, in base64."`
}

// Run adds a card. A PUK comes from a file: arguments show in lists of
// processes.
func (a *addCard) Run(ctx context.Context, top *cli) error {
	puk := desk.Derived
	if a.PUK != "" {
		raw, err := os.ReadFile(a.PUK)
		if err != nil {
			return fmt.Errorf("reading the PUK: %w", err)
		}
		puk = strings.TrimSpace(string(raw))
	}
	card := desk.NewCard{Card: a.Card, Profile: a.Profile, Holder: a.Holder, Email: a.Email, Site: a.Site, PUK: puk, Certificate: a.Certificate}
	return top.ask(ctx, "POST", "/cards", card, nil)
}

type importCards struct {
	File string `arg:"" optional:"" default:"-" help:"CSV file with a header row; standard input when left out." type:"path"`

	Columns bool `help:"Only print the header row of a card file."`
}

// Run imports a file.
func (i *importCards) Run(ctx context.Context, top *cli) error {
	if i.Columns {
		return csv.NewWriter(top.out).WriteAll([][]string{desk.Columns()})
	}
	text, err := read(i.File)
	if err != nil {
		return fmt.Errorf("reading the cards: %w", err)
	}
	var done central.Imported
	if err := top.ask(ctx, "POST", "/cards/import", string(text), &done); err != nil {
		return fmt.Errorf("nothing was imported:\n%w", err)
	}
	_, err = fmt.Fprintf(top.out, "cards imported: %d\n", done.Cards)
	return err
}

func read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(path)
}

type lsCards struct{}

// Run lists the cards.
func (*lsCards) Run(ctx context.Context, top *cli) error {
	var list []wire.CardView
	if err := top.ask(ctx, "GET", "/cards", nil, &list); err != nil {
		return err
	}
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CARD\tHOLDER\tADDRESS\tSITE\tSTANDING\tATTEMPTS LEFT\tKEY\tLAST UNLOCK")
	for _, c := range list {
		last := "-"
		if !c.LastUnlock.IsZero() {
			last = c.LastUnlock.Format(time.DateTime)
		}
		key := map[bool]string{true: "factory's: replace it", false: "own"}[c.Factory]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", c.Card, c.Holder, c.Address, c.Site, c.Standing, c.AttemptsLeft, key, last)
	}
	return w.Flush()
}

type sitesCmd struct {
	Ls lsSites `cmd:"" default:"1" help:"List the sites. They are set in the configuration file."`
}

type lsSites struct{}

// Run lists the sites.
func (*lsSites) Run(ctx context.Context, top *cli) error {
	var list []wire.Site
	if err := top.ask(ctx, "GET", "/sites", nil, &list); err != nil {
		return err
	}
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SITE\tNAME\tIT BOOTH\tHOURS\tPHONE")
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Name, s.Booth, s.Hours, s.Phone)
	}
	return w.Flush()
}

type overviewCmd struct{}

// Run shows the overview.
func (*overviewCmd) Run(ctx context.Context, top *cli) error {
	var o central.Overview
	if err := top.ask(ctx, "GET", "/overview", nil, &o); err != nil {
		return err
	}
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	up := map[bool]string{true: "up", false: "down"}
	fmt.Fprintf(w, "link to the broker\t%s\ncards\t%d\nregistered\t%d\ncodes under way\t%d\nlocked out\t%d\nwith a factory key\t%d\nmails to be sent\t%d\nterminals\t%d\n",
		up[o.Link], o.Cards, o.Registered, o.Cases, o.Locked, o.Factory, o.Queue, len(o.Terminals))
	return w.Flush()
}
