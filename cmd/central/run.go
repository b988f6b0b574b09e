package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"unlockpoint/cmd/settings"
	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

type runCmd struct{}

// Run serves until ctx ends.
func (*runCmd) Run(ctx context.Context, top *cli) error {
	if err := settings.NoCoreDumps(); err != nil {
		return err
	}
	file, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	level, err := settings.Level(file.Log)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	cfg, err := file.build(log)
	if err != nil {
		return err
	}
	if file.CardAuthority == "" && file.rules.ProofRequired {
		log.Warn("no card can prove itself, so none is unlocked: name card_authority, or set proof_required = false under [policy]")
	}
	server, err := central.Open(cfg)
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	told := make(chan struct{})
	go func() {
		defer close(told)
		select {
		case <-server.Ready():
			fmt.Fprintf(top.out, "central: ready (realm %s)\n", cfg.Realm)
		case <-stop:
		}
	}()
	log.Info("central starts", "web", cfg.Web, "socket", cfg.Socket, "broker", cfg.Broker.URL)
	err = server.Run(ctx, cfg.Broker)
	close(stop)
	<-told
	return errors.Join(err, server.Close())
}

type configCmd struct {
	Policy bool `help:"Print every rule of the [policy] table with its usual value."`
}

// Run prints the example.
func (c *configCmd) Run(top *cli) error {
	if !c.Policy {
		_, err := fmt.Fprint(top.out, example)
		return err
	}
	raw, err := json.MarshalIndent(wire.DefaultPolicy(), "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(top.out, "%s\n", raw)
	return err
}
