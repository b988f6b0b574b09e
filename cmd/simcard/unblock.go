package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/profiles"
	"unlockpoint/sync/central/grant"
)

// unblockCommand does to a card what the terminal does, and no more: it is
// what compare measures other tools against.
type unblockCommand struct {
	Profile string `arg:"" help:"The card's profile."`
	Reader  string `help:"The reader's name, or part of it." required:""`
}

// Help is what "simcard unblock --help" adds.
func (*unblockCommand) Help() string {
	return "Reads the card's key (as a card file has it) and the new passcode from standard input, a line each."
}

// Run unblocks the card that is in and prints the commands that it took.
func (c *unblockCommand) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	next := func() string { lines.Scan(); return strings.TrimSpace(lines.Text()) }
	kind, ok := grant.KindOf(c.Profile)
	key, good := kind.Read(next())
	if !ok || !good {
		return errors.New("the key does not fit the profile")
	}
	link, err := pcsc.NewSlot(pcsc.Config{Readers: []string{c.Reader}}).Open(ctx)
	if err != nil {
		return err
	}
	defer link.Close()
	meter := iso7816.NewMeter(link, time.Now)
	if err := free(ctx, meter, c.Profile, key, []byte(next())); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(names(meter))
}

func names(m *iso7816.Meter) (list []string) {
	for _, t := range m.Timings() {
		list = append(list, t.Command)
	}
	return list
}

// free is the product's own way to an unblocked card: the application is
// selected, and a key sets the passcode.
func free(ctx context.Context, link iso7816.Transmitter, profile string, key, passcode []byte) error {
	card, err := open(ctx, link, profile)
	if err != nil {
		return err
	}
	return unlock(ctx, card, profile, key, passcode)
}

func unlock(ctx context.Context, card reader.Card, profile string, key, passcode []byte) error {
	if profile == gids.Profile { // its key stays at the server, which is us
		proof, err := card.Prove(ctx, [32]byte{1})
		if err != nil {
			return err
		}
		if key, err = gids.Answer(key, gids.Challenge([32]byte{1}), proof.Challenge); err != nil {
			return err
		}
	}
	outcome, err := card.Unblock(ctx, key, passcode)
	if err == nil && outcome.Result != reader.OK {
		err = fmt.Errorf("the card did not take the key: %+v", outcome)
	}
	return err
}

func open(ctx context.Context, link iso7816.Transmitter, profile string) (reader.Card, error) {
	for _, p := range profiles.All() {
		if p.Name == profile {
			return p.Open(ctx, link)
		}
	}
	return nil, fmt.Errorf("there is no profile %q", profile)
}
