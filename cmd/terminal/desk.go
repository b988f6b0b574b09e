package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"unlockpoint/device/appliance"
	"unlockpoint/device/enrol"
	"unlockpoint/device/local"
	"unlockpoint/device/serial"
	"unlockpoint/sync/wire"
)

// desk is the engineers' place at a running terminal: what they set there, and
// what they may do to the machine.
type desk struct {
	cfg   config
	base  string // the broker, where the local settings name none
	shown string // the configuration as an engineer may read it
	kept  *serial.Log
	log   *slog.Logger
	local *local.Keeper
	move  func(broker string)
	tell  func(act string) error // central, of what is done here; nil: there is nobody who could
	stop  context.CancelFunc     // ends the program
	parts []part
	stale atomic.Bool // the system has not taken the address that it was given
}

var _ serial.Machine = (*desk)(nil)

// open reads the local settings.
func (d *desk) open() (err error) {
	d.local, err = local.Open(filepath.Join(d.cfg.Data, "local.json"), d.apply)
	if err == nil && d.local.SetAside() != "" {
		d.log.Error("the local settings were damaged: there are none now", "kept", d.local.SetAside())
	}
	return err
}

// console makes the console of a terminal.
func (d *desk) console(a *appliance.Appliance, identity wire.Identity) *serial.Console {
	d.move, d.tell = a.Move, a.Report
	about := d.about()
	about.Terminal, about.Settings = a, d.shown
	c := serial.New(about)
	d.parts = append(d.parts, d.returns)
	if d.cfg.Console.TTY != "" {
		gate := serial.NewGate(identity.ID, identity.ConsoleKey, nil)
		d.parts = append(d.parts, func(ctx context.Context) error { return d.cfg.Console.attend(ctx, c, gate, d.log) })
	}
	return c
}

// about is what every console of this machine is made of.
func (d *desk) about() serial.Config {
	return serial.Config{Machine: d, Local: d.local, Log: d.kept,
		AddressAtRestart: len(d.cfg.Console.Apply) == 0,
		Idle:             time.Duration(d.cfg.Console.Idle) * time.Minute}
}

// returns ends trials of settings in time.
func (d *desk) returns(ctx context.Context) error {
	d.local.Run(ctx, func(err error) {
		if err != nil {
			d.log.Error("settings on trial were not returned; it is tried again", "err", err)
			return
		}
		d.log.Warn("settings on trial were returned: nobody confirmed them")
		if d.tell != nil {
			if err := d.tell(wire.ConsoleReturned); err != nil {
				d.log.Error("central will not hear of it", "err", err)
			}
		}
		if d.stale.Load() && d.readdressed(ctx) {
			d.stop()
		}
	})
	return nil
}

// readdressed restarts the machine for an address that it takes only then, as
// soon as the program has ended. It says whether that can be.
func (d *desk) readdressed(ctx context.Context) bool {
	err := d.Reboot(ctx)
	if err != nil {
		d.log.Error("another address takes a restart of the machine", "err", err)
	}
	return err == nil
}

// End implements serial.Machine.
func (d *desk) End() { d.stop() }

// Reboot runs the command that the configuration names.
func (d *desk) Reboot(ctx context.Context) error {
	if len(d.cfg.Console.Reboot) == 0 {
		return errors.New("this machine is not restarted from here: take its power, and give it back (console.reboot in terminal.toml names no command)")
	}
	return execute(ctx, d.cfg.Console.Reboot)
}

// apply puts local settings to work.
func (d *desk) apply(from, to local.Settings) error {
	if !from.SameNetwork(to) {
		if err := d.readdress(to); err != nil {
			return err
		}
	}
	if from.Broker != to.Broker {
		d.move(cmp.Or(to.Broker, d.base))
	}
	return nil
}

// readdress gives the system another address for this machine.
func (d *desk) readdress(to local.Settings) error {
	c := d.cfg.Console
	if c.Network == "" {
		return errors.New("the address of this machine is not set from here: ask the network team for one by DHCP (console.network in terminal.toml names no file)")
	}
	if err := wire.ReplaceFile(c.Network, []byte(to.NetworkFile()), 0o644); err != nil {
		return fmt.Errorf("write the network's file: %w", err)
	}
	if len(c.Apply) == 0 {
		d.stale.Store(true)
		return nil
	}
	return execute(context.Background(), c.Apply)
}

// longest is how long a command may take: DHCP gives up sooner.
const longest = time.Minute

// execute runs a command to its end. What it leaves behind, as a client of DHCP
// is, goes on.
func execute(ctx context.Context, words []string) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.WaitDelay = time.Second // for the output, which what is left behind holds open
	out, err := command.CombinedOutput()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, out)
	}
	return nil
}

// calibrateMark is a file in the data folder: the glass is to be calibrated
// before the terminal serves.
const calibrateMark = "CALIBRATE"

// Calibrate leaves the mark: panel and glass are in use until the program ends.
func (d *desk) Calibrate(context.Context) error {
	if err := d.cfg.resistive(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.cfg.Data, calibrateMark), nil, 0o600); err != nil {
		return fmt.Errorf("mark the glass to be calibrated: %w", err)
	}
	return nil
}

// Hardware lists it as "terminal hardware" does.
func (d *desk) Hardware(ctx context.Context, w io.Writer) error { return look(ctx).print(w) }

// forgetMark is a file in the data folder: the terminal is to forget all.
const forgetMark = "FORGET"

// Forget leaves the mark: what is open now is removed by the next start, before
// it opens anything. The address is given back at once, so that the system does
// not take it up again before that.
func (d *desk) Forget(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(d.cfg.Data, forgetMark), nil, 0o600); err != nil {
		return fmt.Errorf("mark the terminal to be forgotten: %w", err)
	}
	if d.local.Force().SameNetwork(local.Settings{}) {
		return nil
	}
	if err := d.readdress(local.Settings{}); err != nil {
		d.log.Error("the address is given back when the machine is restarted", "err", err)
	}
	if d.stale.Load() {
		d.readdressed(ctx)
	}
	return nil
}

// forget removes identity, data and address when the mark is there. The mark
// goes last: after a power cut in between it is done again. That a code was used
// is not forgotten: it would be tried again.
func (c config) forget() error {
	mark := filepath.Join(c.Data, forgetMark)
	if _, err := os.Stat(mark); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	entries, err := os.ReadDir(c.Data)
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	cut, err := filepath.Glob(c.Identity + "*.new-*") // what a power cut left of wire.ReplaceFile
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	gone := append(cut, c.Identity, enrol.KeysFile(c.Identity))
	if c.Console.Network != "" {
		gone = append(gone, c.Console.Network)
	}
	for _, e := range entries {
		if e.Name() != forgetMark && e.Name() != usedMark {
			gone = append(gone, filepath.Join(c.Data, e.Name()))
		}
	}
	for _, path := range append(gone, mark) {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
	}
	return nil
}
