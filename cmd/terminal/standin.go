package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/health"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/serial"
	"unlockpoint/display/front"
	"unlockpoint/sync/flash"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// standIn shows people, until ctx ends, why there is no terminal that could
// serve them. name is the terminal's; without one it is the machine's. A panel
// that is set up wrong is told of, and no reason to keep an engineer waiting.
func (c config) standIn(ctx context.Context, why journey.FaultID, name string, log *slog.Logger) error {
	f, err := newFace(c, log)
	if err != nil {
		log.Error("nothing is on the panel", "err", c.at(err))
		<-ctx.Done()
		return nil
	}
	if name == "" {
		name, _ = os.Hostname() // else the build alone says which it is
	}
	build, _ := settings.Build()
	said := front.New(f.drawer, f.screen, c.Panel.patience(), f.speaker)
	s, _ := journey.Start(journey.RuleSet{Terminal: fmt.Sprintf("%s (%s)", name, build)}).Next(journey.Fault{Why: why})
	return runAll(ctx, append(f.before(said), said.Run, func(ctx context.Context) error { return f.stands(ctx, s, said) })...)
}

// stands is the journey of a terminal that has nothing but its face: people
// may change how the page looks, and have it read aloud.
func (f *face) stands(ctx context.Context, s journey.State, said *front.Front) error {
	const beat = time.Second
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	hears := journey.Listening{Asked: f.asked}
	s, _ = s.Next(journey.ListeningChanged{Listening: hears})
	for {
		said.Show(pages.View(s))
		select {
		case e := <-f.events:
			said.Handle(e)
		case in := <-said.Inputs():
			s, _ = s.Next(journey.Pressed{Input: in})
		case <-ticker.C:
			s, _ = s.Next(journey.Tick{Elapsed: beat})
		case hears.Headset = <-f.headset:
			s, _ = s.Next(journey.ListeningChanged{Listening: hears})
		case <-ctx.Done():
			return nil
		}
	}
}

// roomEvery is how often a full disk is looked at.
const roomEvery = 2 * time.Second

// awaitRoom waits until the disk has room for the store. The console tells of
// it meanwhile.
func (c config) awaitRoom(ctx context.Context, me wire.Identity, kept *serial.Log, log *slog.Logger) error {
	err := c.room()
	if !errors.Is(err, flash.ErrFull) {
		return err
	}
	log.Error("the terminal waits for room on the disk", "err", err)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &desk{cfg: c, kept: kept, log: log, move: func(string) {}, stop: stop}
	if err := d.open(); err != nil {
		return err
	}
	about := d.about()
	about.Stopped = []health.Fault{health.Known(health.StoreFull)}
	console := serial.New(about)
	local, err := socket.Listen(c.Socket)
	if err != nil {
		return fmt.Errorf("open the local socket: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /console", consoleHandler(console))
	parts := []part{d.returns, c.roomComes,
		func(ctx context.Context) error { return socket.Serve(ctx, local, mux) },
		func(ctx context.Context) error { return c.standIn(ctx, journey.StoreFull, me.Name, log) }}
	if c.Console.TTY != "" {
		gate := serial.NewGate(me.ID, me.ConsoleKey, nil)
		parts = append(parts, func(ctx context.Context) error { return c.Console.attend(ctx, console, gate, log) })
	}
	return runAll(ctx, parts...)
}

// roomComes returns when it has.
func (c config) roomComes(ctx context.Context) error {
	look := time.NewTicker(roomEvery)
	defer look.Stop()
	for errors.Is(c.room(), flash.ErrFull) {
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

func (c config) room() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return flash.Room(c.Data)
}
