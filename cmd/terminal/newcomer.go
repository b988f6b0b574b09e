package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"unlockpoint/device/enrol"
	"unlockpoint/device/journey"
	"unlockpoint/device/serial"
)

// newcomer is a terminal that is nobody yet. Whoever has it join takes a turn:
// the engineer at its console, or the code that lies ready.
type newcomer struct {
	cfg   config
	log   *slog.Logger
	every time.Duration // the code that lies ready is tried: the cable may come later, or another code
	turn  sync.Mutex
}

var _ serial.Joins = (*newcomer)(nil)

// Enrol implements serial.Joins.
func (n *newcomer) Enrol(ctx context.Context, code, broker string) (string, error) {
	n.turn.Lock()
	defer n.turn.Unlock()
	got, err := n.cfg.enrol(ctx, code, broker, "", nil)
	switch {
	case errors.Is(err, enrol.ErrEnrolled): // meanwhile, by the code that lies ready
		return "This terminal is enrolled", nil
	case err != nil && missing(n.cfg.Identity):
		return "", err
	case err != nil: // what is missing is no reason to wait
		return fmt.Sprintf("This terminal is enrolled, but not all was kept: %v", err), nil
	}
	return fmt.Sprintf("This is %s (%s) of site %s", got.ID, got.Name, got.Site.ID), nil
}

const (
	joinEvery = time.Minute
	joinLimit = 20 * time.Second // of a try: an engineer waits a minute, see package serial
)

// joins tries the code that lies ready until the terminal is somebody. Without a
// console it gives up where there is no code any more.
func (n *newcomer) joins(ctx context.Context) error {
	again := time.NewTicker(n.every)
	defer again.Stop()
	for ctx.Err() == nil {
		err := n.tries(ctx)
		switch {
		case !missing(n.cfg.Identity):
			return nil
		case !n.cfg.nobody():
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
		}
	}
	return nil
}

func (n *newcomer) tries(ctx context.Context) error {
	n.turn.Lock()
	defer n.turn.Unlock()
	if !missing(n.cfg.Identity) || !n.cfg.codeReady() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	err := n.cfg.join(ctx, n.log)
	if err != nil {
		n.log.Error("the code that lies ready does not enrol this terminal", "err", err)
	}
	return err
}

// nobody says whether the terminal has yet to join: it has no identity, and a
// code lies ready or there is a console for an engineer.
func (c config) nobody() bool {
	return missing(c.Identity) && (c.codeReady() || c.Console.TTY != "")
}

func missing(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// await serves the console, and tries the code that lies ready, until the
// terminal is somebody, or ctx ends. There is no log-in: nothing is here yet that
// it would guard.
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
	log.Warn("this terminal is not enrolled: it waits for a code", "tty", c.Console.TTY, "file", c.Broker.EnrolFile)
	about, here := d.about(), newStandIn(c, c.Broker.EnrolURL, log)
	comes := &newcomer{cfg: c, log: log, every: joinEvery}
	about.Joins, about.Bare = comes, here
	parts := []part{d.returns, here.watches, comes.joins,
		func(ctx context.Context) error { return here.shows(ctx, journey.NotSetUp, "") }}
	if c.Console.TTY != "" {
		console := serial.New(about)
		parts = append(parts, func(ctx context.Context) error { return c.Console.attend(ctx, console, nil, log) })
	}
	return runAll(ctx, parts...)
}
