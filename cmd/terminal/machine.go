package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"unlockpoint/device/serial"
)

// machine is what the console may do to what the terminal runs on.
type machine struct {
	cfg  config
	stop context.CancelFunc // ends the program
}

var _ serial.Machine = machine{}

// End implements serial.Machine.
func (m machine) End() { m.stop() }

// Reboot runs the command that the configuration names.
func (m machine) Reboot(ctx context.Context) error {
	command := m.cfg.Console.Reboot
	if len(command) == 0 {
		return errors.New("console.reboot in terminal.toml names no command to restart this machine")
	}
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, out)
	}
	return nil
}

// forgetMark is a file in the data folder: the terminal is to forget all.
const forgetMark = "FORGET"

// Forget leaves the mark: what is open now is removed by the next start, before
// it opens anything.
func (m machine) Forget(context.Context) error {
	if err := os.WriteFile(filepath.Join(m.cfg.Data, forgetMark), nil, 0o600); err != nil {
		return fmt.Errorf("mark the terminal to be forgotten: %w", err)
	}
	return nil
}

// forget removes identity and data when the mark is there. The mark goes last:
// after a power cut in between it is done again.
func (c config) forget() error {
	mark := filepath.Join(c.Data, forgetMark)
	if _, err := os.Stat(mark); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	entries, err := os.ReadDir(c.Data)
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	gone := []string{c.Identity}
	for _, e := range entries {
		if e.Name() != forgetMark {
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
