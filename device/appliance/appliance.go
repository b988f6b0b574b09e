// Package appliance is one terminal: it joins the card reader, the front, the
// uplink and the store to the journey, and runs what the journey asks for.
//
// Its words: the loop is the one goroutine that owns the journey's State; a
// visit is one card's time in the reader, with a goroutine of its own that
// owns the card; an errand is a question to central that outlives one try.
//
//	front, reader, uplink, clock --Event--> loop --Page--> front
//	                                         |  ^
//	                                  Effect v  | Outcome
//	                                        visit ---> card, central, journal
//
// The package decides nothing about what a person may do: that is package
// journey. It knows no wording: that is package pages.
package appliance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	periph "periph.io/x/conn/v3/display"

	"unlockpoint/device/health"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/display/layout"
	"unlockpoint/display/mend"
	"unlockpoint/display/signal"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Config is what a terminal is made of.
type Config struct {
	Identity wire.Identity
	Build    string
	Made     time.Time // when the build was made: no clock is right that is behind it
	Slot     reader.Slot
	Drawer   periph.Drawer
	Lit      <-chan struct{} // closed once it has shown something; nil: at once
	Screen   layout.Screen
	Speaker  front.Speaker        // may be nil
	Asked    bool                 // pages are read aloud to those who ask for it, without a headset too
	Headset  <-chan bool          // whether one is in now; may be nil
	Events   <-chan display.Event // what panel, pad and keyboard report; may be nil
	Beeper   Beeper               // may be nil
	Lamp     Lamp                 // may be nil
	Patience front.Patience       // until pages that nobody touches are covered
	Face     []Part               // what of the above may fail
	Watchdog string               // the kernel's, /dev/watchdog; empty: there is none
	Clock    string               // a pipe whose reader sets the machine's clock, in seconds since 1970; empty: there is none
	Log      *slog.Logger

	// For reports: terminal.toml without anything secret, and what was logged
	// last; nil: that is not kept.
	Settings string
	Kept     interface{ Lines() []string }

	// Withdrawn are the answers to reset, in hex and with * for what differs,
	// of generations of cards that are not served any more.
	Withdrawn []string

	// Now is the wall clock, for certificate dates and the link; nil means
	// time.Now. Waiting is never measured with it.
	Now func() time.Time

	// Wait is before each try to reach the broker.
	Wait link.Wait

	// Keep changes the identity on the disk, see uplink.Config.
	Keep func(change func(*wire.Identity)) error

	// Apply, if set, takes the settings that are not about people: which
	// readers may be used and how much is logged. It is called at the start,
	// and whenever central may have changed them.
	Apply func(wire.Settings)

	// Trace, if set, hears of every effect as it begins and ends, from two
	// goroutines: the visit's, and that of what nobody waits for. Tests cut
	// the power there.
	Trace func(Moment)
}

// Part is a part of what people stand in front of, under the name that its
// faults have.
type Part struct {
	Name health.PartName
	How  interface {
		State(now time.Time) mend.State
	}
}

// Beeper draws a person's attention.
type Beeper interface{ Beep() }

// Lamp shows from afar how the terminal is.
type Lamp interface{ Show(signal.State) }

// Moment is the beginning or the end of one effect.
type Moment struct {
	Effect journey.Effect
	Ended  bool
}

// Appliance is one terminal.
type Appliance struct {
	cfg     Config
	store   *store.Store
	uplink  *uplink.Uplink
	front   *front.Front
	view    view
	advance chan time.Duration
	results chan result
	asides  chan aside
	unfit   chan journey.FaultID // what takes the terminal out of service, and empty when it is over
	moved   atomic.Int64         // what Advance moved it on by, in ns
	cards   chan chan CardStatus
	guests  health.Guests
	hands   health.Hands
	broker  atomic.Pointer[string] // where it is now
	began   time.Time
	late    sync.WaitGroup // proofs on their way, see errands
}

// New makes the parts ready; nothing runs before Run, which closes the store, as
// New does where it fails.
func New(cfg Config, db *store.Store) (*Appliance, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	a := &Appliance{
		cfg:     cfg,
		store:   db,
		front:   front.New(cfg.Drawer, cfg.Screen, cfg.Patience, cfg.Speaker),
		advance: make(chan time.Duration),
		results: make(chan result),
		asides:  make(chan aside, 64),
		unfit:   make(chan journey.FaultID),
		cards:   make(chan chan CardStatus),
		guests:  make(health.Guests),
		began:   time.Now(),
	}
	if err := a.tellDamage(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a.broker.Store(&cfg.Identity.MQTT.URL)
	a.view.set(pages.View(a.start()))
	a.apply(db.Settings())
	a.uplink = uplink.New(uplink.Config{
		Identity: cfg.Identity, Build: cfg.Build, Made: cfg.Made, Now: cfg.Now, Led: cfg.Clock != "", Wait: cfg.Wait, Log: cfg.Log, Keep: cfg.Keep,
	}, db)
	return a, nil
}

// tellDamage tells of a store that had to be replaced: facts that central had
// not heard of are lost with it. The registry comes back by itself.
func (a *Appliance) tellDamage() error {
	aside := a.store.SetAside()
	if aside == "" {
		return nil
	}
	a.cfg.Log.Error("the store was damaged: a new one takes its place", "kept", aside)
	return a.fact(wire.Audit, wire.AuditBody{What: "store.damaged", At: a.cfg.Now().UTC()})
}

// Front is where touches and keys go in.
func (a *Appliance) Front() *front.Front { return a.front }

// Page is what the person sees now.
func (a *Appliance) Page() display.Page { return a.view.page() }

// PageAfter waits until another page than the given one shows, or ctx ends,
// and returns what shows then.
func (a *Appliance) PageAfter(ctx context.Context, seen display.Page) display.Page {
	return a.view.after(ctx, seen)
}

// Move leaves the broker for the one at another address.
func (a *Appliance) Move(broker string) {
	a.broker.Store(&broker)
	a.uplink.Move(broker)
}

// Advance moves the terminal's waiting on, as if d had gone by.
func (a *Appliance) Advance(ctx context.Context, d time.Duration) {
	a.moved.Add(int64(d))
	select {
	case a.advance <- d:
	case <-ctx.Done():
	}
}

// Settle waits until the machine has taken everything that was handed to the
// front before, and the page that came of it is on the panel. An effect that
// was begun may still be under way.
func (a *Appliance) Settle(ctx context.Context) error {
	if err := a.front.Settle(ctx); err != nil {
		return err
	}
	if _, err := a.Card(ctx); err != nil { // the loop answers between two events
		return err
	}
	return a.front.Settle(ctx)
}

// CardStatus is what a field engineer may know of the slot and its card.
// Info is empty until the card was read; Timings are of the newest commands.
type CardStatus struct {
	Presence reader.Presence
	ATR      []byte
	Pad      reader.Pad // the reader's own keys
	Info     reader.Info
	Timings  []iso7816.Timing
}

// Card asks the running loop about the slot.
func (a *Appliance) Card(ctx context.Context) (CardStatus, error) {
	reply := make(chan CardStatus, 1)
	select {
	case a.cards <- reply:
		return <-reply, nil
	case <-ctx.Done():
		return CardStatus{}, ctx.Err()
	}
}

// Run serves people until ctx ends or a part breaks. It closes the store.
func (a *Appliance) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	run := func(name string, f func(context.Context) error) {
		parts.Go(func() {
			if err := f(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	a.front.Show(a.view.page())
	run("front", a.front.Run)
	run("uplink", func(ctx context.Context) error { // the first page does not share the processor with it
		a.Begun(ctx)
		return a.uplink.Run(ctx)
	})
	run("asides", a.runAsides)
	run("faults", a.tellFaults)
	run("watchdog", a.feedWatchdog)
	run("commands", a.runCommands)
	run("events", a.feed)
	a.loop(ctx)
	close(a.asides)
	a.late.Wait()
	parts.Wait()
	err := a.store.Close()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return err
}

// Handle takes an event as panel, pad and keyboard report them.
func (a *Appliance) Handle(e display.Event) {
	a.hands.Tell(e)
	a.front.Handle(e)
}

// Begun waits until Run has the first page on the panel, or until one that works
// would have shown it.
func (a *Appliance) Begun(ctx context.Context) {
	ctx, stop := context.WithTimeout(ctx, slowest)
	defer stop()
	if a.front.Settle(ctx); a.cfg.Lit != nil {
		select {
		case <-a.cfg.Lit:
		case <-ctx.Done():
		}
	}
}

// slowest is how long a page takes to the slowest panel, several times over.
const slowest = 2 * time.Second

// feed handles what the panel reports.
func (a *Appliance) feed(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-a.cfg.Events:
			a.Handle(e)
		}
	}
}
