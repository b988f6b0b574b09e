// Package house is the whole product in one process: an embedded broker,
// central with its store and pages, a mail server that keeps what it is
// given, a terminal on the wall, and a tray of cards.
//
// Its words: the house is all of that; the wall is where the terminal hangs,
// so that its power can be cut; the clock is the time that central and
// terminal believe in.
//
// It composes and switches; what the parts do is theirs.
package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/device/appliance"
	"unlockpoint/display"
	"unlockpoint/display/browser"
	"unlockpoint/display/front"
	"unlockpoint/display/layout"
	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/mail/catcher"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Config is what a house is made of.
type Config struct {
	Data     string             // folder, which exists
	Seed     []tray.Entry       // the cards
	PCSC     bool               // the terminal's reader is the machine's
	Issuers  []byte             // certificates (PEM) of who issued real cards, beside the demo's own
	Listener net.Listener       // of the page, on a loopback address
	Screen   layout.Screen      // of the panel; zero: Screen
	Patience front.Patience     // until pages that nobody touches are covered
	CardTime time.Duration      // what each command of a card takes
	Policy   func(*wire.Policy) // changes the usual rules; may be nil
	Watchers []broker.Account   // more accounts at the broker, for who looks on

	// Between, if set, is put between the reader in this process and the
	// terminal. Tests let things happen there.
	Between func(*simcard.Slot) reader.Slot
	Log     *slog.Logger
	Level   *slog.LevelVar // how much Log writes, for central to change; nil: it stays
}

// House is all parts, opened.
type House struct {
	cfg     Config
	level   slog.Level // of the log, where central wants nothing
	locked  *os.File
	clock   *Clock
	mail    *catcher.Server
	central *central.Central
	broker  *broker.Broker
	line    central.Broker // how central reaches the broker
	reader  *cardReader
	tray    *tray.Tray
	wall    *Wall
	panel   *browser.Panel
	who     wire.Identity
	cut     switched
}

var _ driver.House = (*House)(nil)

// Screen is the panel of the demo: 7 inches, 800x480.
var Screen = layout.Screen{Width: 800, Height: 480, PPMM: 5.22}

// Open opens every part, in the order in which they need each other. What a
// first start lacks is made: keys, a terminal, cards.
func Open(ctx context.Context, cfg Config) (h *House, err error) {
	if cfg.Screen == (layout.Screen{}) {
		cfg.Screen = Screen
	}
	if cfg.Level == nil {
		cfg.Level = new(slog.LevelVar)
	}
	h = &House{cfg: cfg, level: cfg.Level.Level()}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	for _, step := range []func(context.Context) error{
		h.lock, h.openClock, h.openMail, h.openReader, h.openTray, h.openCentral, h.openTerminal,
	} {
		if err := step(ctx); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (h *House) lock(context.Context) (err error) {
	h.locked, err = Lock(h.cfg.Data)
	return err
}

// Lock keeps a data folder for one demo at a time, until the file is closed.
func Lock(data string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("another demo uses %s: stop it, or choose another folder with --data", data)
	}
	return file, nil
}

func (h *House) openClock(context.Context) (err error) {
	h.clock, err = openClock(h.path("clock"))
	return err
}

func (h *House) openMail(context.Context) (err error) {
	h.mail, err = catcher.Start("127.0.0.1:0", catcher.Options{Now: h.clock.Now, File: h.path("mailbox")})
	if err != nil {
		return fmt.Errorf("start the mail server: %w", err)
	}
	return nil
}

func (h *House) openReader(context.Context) (err error) {
	if h.cfg.PCSC {
		h.reader, err = pcscReader()
		return err
	}
	h.reader = directReader(h.cfg.Between)
	return nil
}

func (h *House) openTray(context.Context) error {
	authority, err := h.authority()
	if err != nil {
		return err
	}
	h.tray, err = tray.Open(h.path("cards"), h.cfg.Seed, authority, h.reader.mouth, simcard.Delay(h.cfg.CardTime))
	return err
}

func (h *House) authority() (*simcard.Authority, error) {
	return simcard.OpenAuthority(h.path("card-authority.pem"), "Demo card authority")
}

// openTerminal hangs the terminal up.
func (h *House) openTerminal(context.Context) (err error) {
	h.who.MQTT.URL = h.broker.URL()
	h.panel = browser.New(h.cfg.Screen.Width, h.cfg.Screen.Height)
	h.wall, err = newWall(appliance.Config{
		Identity: h.who, Build: "demo",
		Slot: h.reader.slot, Drawer: h.panel, Screen: h.cfg.Screen, Events: h.panel.Events(), Beeper: h.panel, Patience: h.cfg.Patience,
		Now: h.clock.Now, Log: h.cfg.Log.With("part", "terminal"),
		Wait:  link.Wait{Step: 200 * time.Millisecond, Most: time.Second},
		Apply: h.apply,
	}, h.panel, filepath.Join(h.path("terminal"), "store"))
	return err
}

// apply does what central wants of the terminal's reader and log. All parts of
// the demo write one log.
func (h *House) apply(want wire.Settings) {
	h.reader.allow(want.Readers)
	level := h.level
	_ = level.UnmarshalText([]byte(want.Log)) // what is no level, such as nothing, changes nothing
	h.cfg.Level.Set(level)
}

func (h *House) path(name string) string { return filepath.Join(h.cfg.Data, name) }

// URL is the address of the page.
func (h *House) URL() string { return "http://" + h.cfg.Listener.Addr().String() }

// Run serves until ctx ends or a part breaks, and closes everything. It calls
// ready once a person could put a card in. The terminal ends first, so that
// central can still take its last words.
func (h *House) Run(ctx context.Context, ready func()) error {
	rest, stopRest := context.WithCancel(context.WithoutCancel(ctx))
	defer stopRest()
	front, stopFront := context.WithCancel(ctx)
	defer stopFront()
	var group errgroup.Group
	serve := func(name string, ctx context.Context, run func(context.Context) error) {
		group.Go(func() error {
			defer stopFront()
			return named(name, ctx, run(ctx))
		})
	}
	serve("central", rest, func(ctx context.Context) error { return h.central.Run(ctx, h.line) })
	serve("page", rest, h.serve)
	group.Go(func() error {
		defer stopRest()
		defer stopFront()
		select { // a hello that nobody hears is said again only seconds later
		case <-h.central.Ready():
			return named("terminal", front, h.wall.Run(front))
		case <-front.Done():
			return nil
		}
	})
	group.Go(func() error { h.await(front, ready); return nil })
	return errors.Join(group.Wait(), h.close())
}

// named says which part broke. One that ends before it is told to has broken.
func named(name string, ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Broker is the address of the broker.
func (h *House) Broker() string { return h.broker.URL() }

// Page is what the terminal shows.
func (h *House) Page() display.Page { return h.wall.Page() }

// Attentive waits until the terminal's page takes touches.
func (h *House) Attentive(ctx context.Context) error { return h.wall.Attentive(ctx) }

// look is how often the house looks whether the terminal is ready.
const look = 2 * time.Millisecond

// serves reports whether a person can begin: the terminal has its link and shows
// idle. A machine's own reader may be away, or have a card in it.
func serves(p display.Page, pcsc bool) bool {
	return p.Status.Online && (p.ID == "idle" || pcsc && p.ID != "starting")
}

// await waits until the terminal serves.
func (h *House) await(ctx context.Context, ready func()) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		if serves(h.wall.Page(), h.cfg.PCSC) {
			ready()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// close closes what was opened, in the other order.
func (h *House) close() error {
	var errs []error
	if h.reader != nil {
		h.reader.close()
	}
	if h.central != nil {
		errs = append(errs, h.central.Close())
	}
	if h.broker != nil {
		errs = append(errs, h.broker.Close())
	}
	if h.mail != nil {
		errs = append(errs, h.mail.Close())
	}
	if h.locked != nil {
		errs = append(errs, h.locked.Close()) // and with it the lock
	}
	return errors.Join(errs...)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
