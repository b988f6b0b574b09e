package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"unlockpoint/device/journey"
	"unlockpoint/device/serial"
)

// newcomer is a terminal that is nobody yet, with an engineer at its console.
type newcomer struct{ cfg config }

var _ serial.Joins = newcomer{}

// Enrol implements serial.Joins.
func (n newcomer) Enrol(ctx context.Context, code, broker string) (string, error) {
	got, err := n.cfg.enrol(ctx, code, broker, "", nil)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("This is %s (%s) of site %s", got.ID, got.Name, got.Site.ID), nil
}

// nobody says whether the terminal waits for an engineer to enrol it: it has
// no identity, no code lies ready, and there is a console.
func (c config) nobody() bool {
	return missing(c.Identity) && !c.codeReady() && c.Console.TTY != ""
}

func missing(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// await serves the console until the terminal is somebody, or ctx ends. There
// is no log-in: nothing is here yet that it would guard.
func (c config) await(ctx context.Context, kept *serial.Log, log *slog.Logger) error {
	ctx, joined := context.WithCancel(ctx)
	defer joined()
	d := &desk{cfg: c, kept: kept, log: log, move: func(string) {}, stop: joined}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := d.open(); err != nil {
		return err
	}
	log.Warn("this terminal is not enrolled: its console waits for an engineer", "tty", c.Console.TTY)
	about, here := d.about(), newStandIn(c, c.Broker.EnrolURL, log)
	about.Joins, about.Bare = newcomer{c}, here
	console := serial.New(about)
	return runAll(ctx, d.returns, here.watches, func(ctx context.Context) error { return c.Console.attend(ctx, console, nil, log) },
		func(ctx context.Context) error { return here.shows(ctx, journey.NotSetUp, "") })
}
