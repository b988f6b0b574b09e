package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/appliance"
	"unlockpoint/device/serial"
	"unlockpoint/reader/pcsc"
	"unlockpoint/sync/link"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// memoryLimit keeps the garbage collector ahead of what a small board has;
// the aim is 80 MiB resident after an unlock.
const memoryLimit = 56 << 20

// noGC is none until the first page is on the panel, unless memory runs short.
const noGC = -1

type runCmd struct{}

// Run serves people until ctx ends.
func (*runCmd) Run(ctx context.Context, top *cli) error {
	if err := settings.NoCoreDumps(); err != nil {
		return err
	}
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	if err := cfg.forget(); err != nil {
		return err
	}
	level, err := cfg.level()
	if err != nil {
		return err
	}
	kept := new(serial.Log)
	log := slog.New(slog.NewTextHandler(io.MultiWriter(os.Stderr, kept), &slog.HandlerOptions{Level: level}))
	cfg.calibrated(ctx, log)
	if cfg.nobody() {
		if err := cfg.await(ctx, kept, log); err != nil || ctx.Err() != nil {
			return err
		}
	}
	identity, err := cfg.awaitIdentity(ctx, kept, log)
	if err != nil {
		return fmt.Errorf("%s: %w", top.Config, err)
	}
	if identity.ID == "" {
		return nil
	}
	if cfg.Broker.URL != "" {
		identity.MQTT.URL = cfg.Broker.URL
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	return serve(ctx, cfg, identity, log, level, kept, nil)
}

// serve runs the terminal. level is the log's; kept is what it writes, for the
// console; trace, which may be nil, hears of effects.
func serve(ctx context.Context, cfg config, identity wire.Identity, log *slog.Logger, level *slog.LevelVar, kept *serial.Log, trace func(appliance.Moment)) error {
	db, err := cfg.awaitStore(ctx, identity, kept, log)
	if db == nil {
		return err
	}
	defer db.Close()
	usual := debug.SetGCPercent(noGC)
	face, err := newFace(cfg, log)
	if err != nil {
		return cfg.at(err)
	}
	slot := pcsc.NewSlot(cfg.Reader.pcsc())
	shown, err := cfg.redacted()
	if err != nil {
		return err
	}
	here := &desk{cfg: cfg, base: identity.MQTT.URL, shown: shown, kept: kept, log: log}
	if err := here.open(); err != nil {
		return err
	}
	identity.MQTT.URL = cmp.Or(here.local.Force().Broker, here.base)
	whole := cfg.appliance(face)
	whole.Identity, whole.Keep, whole.Log, whole.Trace = identity, cfg.keepIdentity, log, trace
	whole.Settings, whole.Kept = shown, kept
	whole.Slot, whole.Apply = slot, func(s wire.Settings) { cfg.apply(s, slot, level) }
	a, err := appliance.New(whole, db)
	if err != nil {
		return err
	}
	ctx, here.stop = context.WithCancel(ctx)
	defer here.stop()
	console := here.console(a, identity)
	local, err := socket.Listen(cfg.Socket)
	if err != nil {
		return fmt.Errorf("open the local socket: %w", err)
	}
	log.Info("terminal", "name", identity.Name, "panel", face.where)
	return runAll(ctx, append(append(face.before(a.Front()), here.parts...),
		a.Run,
		func(ctx context.Context) error {
			a.Begun(ctx)
			debug.SetGCPercent(usual)
			return socket.Serve(ctx, local, socketHandler(a, console))
		})...)
}

// appliance is what file and face say of one.
func (c config) appliance(f *face) appliance.Config {
	build, made := settings.Build()
	return appliance.Config{
		Build: build, Made: made,
		Withdrawn: c.Reader.Withdrawn,
		Drawer:    f.drawer,
		Lit:       f.lit,
		Events:    f.events,
		Beeper:    f.beeper,
		Lamp:      f.lamp,
		Speaker:   f.speaker,
		Asked:     f.asked,
		Headset:   f.headset,
		Patience:  c.Panel.patience(),
		Screen:    f.screen,
		Face:      f.health,
		Watchdog:  c.Watchdog,
		Clock:     c.Clock,
		Wait: link.Wait{
			First: time.Duration(c.Broker.FirstTry) * time.Second,
			Most:  time.Duration(c.Broker.LongestWait) * time.Second,
		},
	}
}

// runAll runs every part until ctx ends or one of them fails.
func runAll(ctx context.Context, parts ...part) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wait sync.WaitGroup
	failed := make(chan error, len(parts))
	for _, part := range parts {
		wait.Go(func() {
			defer cancel()
			failed <- part(ctx)
		})
	}
	wait.Wait()
	close(failed)
	var errs []error
	for err := range failed {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

type configCmd struct{}

// Run prints the example.
func (*configCmd) Run() error {
	_, err := fmt.Print(example)
	return err
}

type reportCmd struct{}

// Run prints the running terminal's report.
func (*reportCmd) Run(ctx context.Context, top *cli) error {
	return printFetched(ctx, top, "/report")
}

type pageCmd struct {
	JSON bool `help:"Print JSON."`
}

// Run prints the running terminal's page.
func (p *pageCmd) Run(ctx context.Context, top *cli) error {
	path := "/page.txt"
	if p.JSON {
		path = "/page.json"
	}
	return printFetched(ctx, top, path)
}

// printFetched prints what the running terminal answers.
func printFetched(ctx context.Context, top *cli, path string) error {
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	body, err := fetch(ctx, cfg.Socket, path)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(body)
	return err
}
