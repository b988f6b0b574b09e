package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/cmd/demo/tray"
)

type journeyCmd struct {
	PCSC bool `name:"pcsc" help:"Use the machine's PC/SC service, with a virtual card."`
}

// Run goes through both journeys on a fresh demo.
func (j *journeyCmd) Run(ctx context.Context, log *slog.Logger) error {
	return withHouse(ctx, house.Config{PCSC: j.PCSC, Log: log}, func(ctx context.Context, _ *house.House, d robot.Driver) error {
		if err := bothJourneys(ctx, newAmina(d, tell(os.Stdout))); err != nil {
			return err
		}
		fmt.Println("the card accepts the new passcode")
		return nil
	})
}

// tell writes a line for every page, with the time it showed.
func tell(out io.Writer) func(robot.Page, time.Duration) {
	start := time.Now()
	return func(p robot.Page, showed time.Duration) {
		fmt.Fprintf(out, "%7.3f s  %-20s %6.0f ms  %s\n", time.Since(start).Seconds(), p.ID, float64(showed.Microseconds())/1000, p.Title)
	}
}

// bothJourneys registers Amina's card, blocks it, unlocks it, and asks the
// card whether it takes the new passcode.
func bothJourneys(ctx context.Context, amina *robot.Person) error {
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"put the card in", amina.Insert},
		{"register", amina.Register},
		{"take the card out", amina.Remove},
		{"block the card", amina.Block},
		{"put the card in", amina.Insert},
		{"unlock", amina.Unlock},
		{"take the card out", amina.Remove},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	ok, err := amina.Accepts(ctx, amina.NewPasscode)
	if err == nil && !ok {
		err = errors.New("the card does not accept the new passcode")
	}
	return err
}

// newAmina is the first person of the built-in tray.
func newAmina(d robot.Driver, seen func(robot.Page, time.Duration)) *robot.Person {
	return &robot.Person{Driver: d, Card: "amina", Address: "amina.shah@nhs.net",
		Passcode: "246810", NewPasscode: "975318", Seen: seen}
}

// withHouse runs work against a fresh house in a folder that is gone
// afterwards.
func withHouse(ctx context.Context, cfg house.Config, work func(context.Context, *house.House, robot.Driver) error) error {
	data, err := os.MkdirTemp("", "unlockpoint-")
	if err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	defer os.RemoveAll(data)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open the page's port: %w", err)
	}
	cfg.Data, cfg.Seed, cfg.Listener = data, tray.Seed(), listener
	h, err := house.Open(ctx, cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- h.Run(ctx, func() { close(ready) }) }()
	select {
	case err := <-ended:
		return errors.Join(err, errors.New("the demo ended before it was ready"))
	case <-ready:
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	err = work(ctx, h, robot.Driver{Base: h.URL(), Client: client})
	stop()
	return errors.Join(err, <-ended)
}
