package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"unlockpoint/sync/central"
	"unlockpoint/sync/socket"
)

// tellBroker says what is left to do where nobody keeps the broker's lists:
// central itself goes by its own at once.
func (top *cli) tellBroker() error {
	file, err := loadConfig(top.Config)
	if err == nil && file.Broker.Folder == "" {
		_, err = fmt.Fprintln(top.out, "The broker does not know yet: run \"central broker-config\", and have it read its files again (for Mosquitto, SIGHUP).\n"+
			"With folder under [broker] in central.toml, central sees to that itself.")
	}
	return err
}

// ask asks the running central; when none runs, it opens central's store for
// the length of one question.
func (top *cli) ask(ctx context.Context, method, path string, in, out any) error {
	file, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	err = socket.NewClient(file.Socket).Call(ctx, method, path, in, out)
	if !errors.Is(err, socket.ErrNobody) {
		return err
	}
	cfg, err := file.build(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	c, err := central.Open(cfg)
	if err != nil {
		return fmt.Errorf("nobody answers on %s, and the store is not to be had either (does central run with another configuration?): %w", file.Socket, err)
	}
	err = socket.Inside(c.Office()).Call(ctx, method, path, in, out)
	return errors.Join(err, c.Close())
}
