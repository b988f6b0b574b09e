package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/enrol"
	"unlockpoint/device/store"
	"unlockpoint/sync/wire"
)

type enrolCmd struct {
	Code   []string      `arg:"" help:"The code, as \"central enrol\" shows it; groups may stand apart."`
	Broker string        `placeholder:"URL" help:"Where to enrol, as \"central enrol\" shows it; broker.enrol_url when left out."`
	Name   string        `help:"Id to ask for; central may have decided another."`
	Wait   time.Duration `default:"1m" help:"How long to try."`
}

// Run joins.
func (e *enrolCmd) Run(ctx context.Context, top *cli) error {
	cfg, err := loadConfig(top.Config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, e.Wait)
	defer cancel()
	steps := make(chan enrol.Step)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for s := range steps {
			fmt.Println(s)
		}
	}()
	got, err := cfg.enrol(ctx, strings.Join(e.Code, ""), e.Broker, e.Name, steps)
	close(steps)
	<-told
	if err != nil {
		return err
	}
	_, err = fmt.Printf("This is %s (%s) of site %s. Start it with \"terminal run\".\n", got.ID, got.Name, got.Site.ID)
	return err
}

// enrol joins with a code, as it was typed, and keeps what central said of the
// site and of the time: the terminal's own clock may never have been set, and
// an engineer stands by.
func (c config) enrol(ctx context.Context, typed, broker, name string, steps chan<- enrol.Step) (wire.Enrolled, error) {
	code, err := wire.ParseEnrolCode(typed)
	if err != nil {
		return wire.Enrolled{}, err
	}
	url := cmp.Or(broker, c.Broker.EnrolURL)
	if url == "" {
		return wire.Enrolled{}, errors.New("say where to enrol: --broker, or broker.enrol_url in the configuration")
	}
	if err := settings.Broker("the address to enrol at", url); err != nil {
		return wire.Enrolled{}, err
	}
	build, _ := settings.Build()
	got, err := enrol.Join(ctx, enrol.Config{Code: code, URL: url, Identity: c.Identity, Name: name, Build: build, Progress: steps})
	if err != nil {
		return got, err
	}
	db, err := c.store()
	if err != nil {
		return got, err
	}
	return got, errors.Join(db.SetSettings(wire.Settings{Policy: got.Policy, Site: got.Site}), db.RaiseFloor(got.Time, got.Time), db.Close())
}

// store opens the terminal's.
func (c config) store() (*store.Store, error) { return store.Open(filepath.Join(c.Data, "store")) }

// identity is who the terminal is. Once it is somebody, a code that lies ready
// is of no more use: the power went before it was removed.
func (c config) identity(log *slog.Logger) (wire.Identity, error) {
	id, err := wire.LoadIdentity(c.Identity)
	if errors.Is(err, os.ErrNotExist) {
		return id, fmt.Errorf("there is no identity at %s: \"terminal enrol\" makes it with a code from \"central enrol\", or name the file that \"central terminals add\" wrote", c.Identity)
	}
	if text, none := os.ReadFile(c.Broker.EnrolFile); err == nil && none == nil && !c.usedUp(text) {
		c.remove(text, log)
	}
	return id, err
}

// join has a terminal that is nobody yet join with the code that lies ready for
// it, which is removed when central has refused it: who comes with a used one is
// a thief to central.
func (c config) join(ctx context.Context, log *slog.Logger) error {
	text, err := os.ReadFile(c.Broker.EnrolFile)
	if err != nil {
		return fmt.Errorf("read the code to enrol with: %w", err)
	}
	log.Info("enrols with the code that lies ready", "file", c.Broker.EnrolFile)
	code, broker, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	_, err = c.enrol(ctx, code, strings.TrimSpace(broker), "", nil)
	if _, refused := errors.AsType[*enrol.RefusedError](err); refused {
		c.remove(text, log)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.Broker.EnrolFile, err)
	}
	return nil
}

// remove removes the code that was used. One that cannot be removed is
// remembered.
func (c config) remove(text []byte, log *slog.Logger) {
	if err := os.Remove(c.Broker.EnrolFile); err != nil {
		log.Warn("the code that was used is still there", "err", errors.Join(err, c.useUp(text)))
	}
}

// usedMark is the file that remembers the code that was used and could not be
// removed, by its hash.
const usedMark = "enrol-used"

func (c config) useUp(text []byte) error {
	return errors.Join(os.MkdirAll(c.Data, 0o700), os.WriteFile(filepath.Join(c.Data, usedMark), digest(text), 0o600))
}

// usedUp says whether a code was used before. To try it at each start would
// look like a thief to central.
func (c config) usedUp(text []byte) bool {
	used, err := os.ReadFile(filepath.Join(c.Data, usedMark))
	return err == nil && bytes.Equal(used, digest(text))
}

func digest(text []byte) []byte {
	sum := sha256.Sum256(text)
	return sum[:]
}

// codeReady says whether a code lies ready that was not used yet.
func (c config) codeReady() bool {
	text, err := os.ReadFile(c.Broker.EnrolFile)
	return !errors.Is(err, os.ErrNotExist) && !c.usedUp(text)
}

// keepIdentity changes the identity on the disk.
func (c config) keepIdentity(change func(*wire.Identity)) error {
	id, err := wire.LoadIdentity(c.Identity)
	if err != nil {
		return err
	}
	change(&id)
	return id.Save(c.Identity)
}
