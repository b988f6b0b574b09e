package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"periph.io/x/host/v3"

	"unlockpoint/display/calibrate"
	"unlockpoint/display/touch"
	"unlockpoint/sync/socket"
)

type calibrateCmd struct{}

// Run has somebody tap marks on the panel.
func (*calibrateCmd) Run(ctx context.Context, top *cli) error {
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	return tapOut(ctx, cfg, os.Stdout, log)
}

// tapOut calibrates the glass, and keeps where the panel lies on it. Panel and
// glass belong to one program: a terminal may not run meanwhile.
func tapOut(ctx context.Context, c config, say io.Writer, log *slog.Logger) error {
	if err := c.resistive(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(c.Touch.Calibration)); err != nil {
		return c.at(fmt.Errorf("touch.calibration is to be in a folder that there is: %w", err))
	}
	switch _, err := fetch(ctx, c.Socket, "/page.txt"); {
	case err == nil:
		return errors.New("the terminal is running: stop it, calibrate, and start it again")
	case !errors.Is(err, socket.ErrNobody):
		return err
	}
	if _, err := host.Init(); err != nil {
		return fmt.Errorf("find the board's pins and buses: %w", err)
	}
	f := &face{}
	if err := f.addPanel(c.Panel, log); err != nil {
		return c.at(err)
	}
	raw := c.touch(f.drawer.Bounds().Size(), log)
	raw.Raw = true
	s, err := touch.Open(raw)
	if err != nil {
		return c.at(err)
	}
	glass := calibrate.Glass{Panel: f.drawer, PPMM: c.Panel.PPMM, Touches: s.Events(), Orientation: raw.Orientation, Say: say}
	return runAll(ctx, append(f.parts, s.Run, func(ctx context.Context) error { return c.keep(ctx, glass) })...)
}

// calibrated has the glass calibrated where an engineer asked for it at the
// console. The mark goes first, and whatever comes of it, the terminal serves.
func (c config) calibrated(ctx context.Context, log *slog.Logger) {
	mark := filepath.Join(c.Data, calibrateMark)
	if missing(mark) {
		return
	}
	err := os.Remove(mark)
	var said strings.Builder
	if err == nil {
		err = tapOut(ctx, c, &said, log)
	}
	if err != nil {
		log.Error("the glass was not calibrated", "err", err)
		return
	}
	log.Info("the glass was calibrated", "said", said.String())
}

// resistive says that there is nothing to calibrate, where there is not.
func (c config) resistive() error {
	if c.Touch.Driver != touch.NameXPT2046 {
		return c.at(fmt.Errorf("touch.driver is %q: only an %s is to be calibrated", c.Touch.Driver, touch.NameXPT2046))
	}
	return nil
}

// keep writes what was tapped out.
func (c config) keep(ctx context.Context, glass calibrate.Glass) error {
	found, err := glass.Run(ctx)
	if err != nil {
		return fmt.Errorf("calibrate the panel: %w", err)
	}
	if err := found.Write(c.Touch.Calibration); err != nil {
		return err
	}
	_, err = fmt.Fprintf(glass.Say, "Kept in %s, which the terminal reads when it starts.\n", c.Touch.Calibration)
	return err
}

// touch is the controller that the configuration names.
func (c config) touch(panel image.Point, log *slog.Logger) touch.Config {
	return touch.Config{
		Chip: c.Touch.Driver, Bus: c.Touch.Bus, Address: uint16(c.Touch.Address), Interrupt: c.Touch.Interrupt, Reset: c.Touch.Reset,
		Panel: panel, Orientation: touch.Orientation{Rotation: c.Panel.Rotation, Mirror: c.Touch.Mirror},
		Calibration: c.Touch.Calibration, Log: log,
	}
}
