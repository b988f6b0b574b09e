// Package uplink is what a terminal says to central and hears from it: it
// opens link sessions, puts requests, hands over facts, and keeps the replica
// of the site's registry up to date.
//
// Its words: a session is one hello and its welcome, and lives until the next
// hello; a request is asked with [Uplink.Call] and answered once; a fact
// leaves through the outbox of package store until central has acknowledged
// it.
//
// A request goes out again, as the same bytes, after a while and on every new
// connection, until its reply is there or the caller gives up: central
// answers the same bytes the same way without doing the work again. Only when
// central says that it knows the session no more, and so did nothing, is the
// request made anew. The broker is believed in nothing: what is not signed by
// the pinned central and addressed to this terminal is dropped.
//
// The package knows no cards and decides nothing about people.
//
//	Call --> loop --> post --> link        loop: owns session and requests
//	          ^ |              ^           pump: owns what of the outbox is sent
//	          | +--> pump -----+           sync: owns the registry's cursor
//	          | +--> sync --> Call
//	         link
package uplink

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Config of an uplink. Zero durations mean the usual ones.
type Config struct {
	Identity wire.Identity
	Build    string
	Made     time.Time        // when the build was made; may be zero
	Now      func() time.Time // wall clock; nil means time.Now
	Led      bool             // the wall clock is set by central's time, for which it then cannot vouch
	Log      *slog.Logger     // nil means silence

	// Keep changes the terminal's identity on the disk, once at a time; nil: it
	// cannot be changed. Who runs with other settings than the file's keeps them.
	Keep func(change func(*wire.Identity)) error

	Wait   link.Wait     // before each try to connect
	Grace  time.Duration // how long Call waits for a link that is down; 3 s
	Resend time.Duration // after which what was not answered goes out again; 5 s
}

// line is the link as the uplink needs it.
type line interface {
	Run(ctx context.Context) error
	Up() <-chan bool
	Messages() <-chan link.Message
	Publish(ctx context.Context, topic string, payload []byte, retained bool) error
	Hurry()
	Renew() // gives the connection up
	Move(url string)
	Err() error // why the link is down
}

var _ line = (*link.Session)(nil)

// Uplink is one terminal's line to central. Its methods may be called from
// any goroutine, before, during and after Run.
type Uplink struct {
	cfg     Config
	store   *store.Store
	spoken  atomic.Pointer[voice] // see voice
	seal    wire.SealKey          // opens commands
	unfit   error                 // why it could not be made ready; Run says so
	current atomic.Pointer[session]
	clock   atomic.Pointer[clock]
	told    chan struct{}                   // closed once the clock is there
	floor   time.Time                       // when it was made
	pair    atomic.Pointer[tls.Certificate] // of the next connection; nil: it has a password
	status  atomic.Pointer[Status]
	changes chan Status
	asked   chan *call
	dropped chan *call
	parcels chan parcel
	faults  chan []wire.Fault // holds one, the newest
	orders  chan Command
	began   time.Time
	pump    *pump
	sync    *replica
	ended   chan struct{} // the loop takes no more calls
	keeping sync.Mutex    // of loop and renewals, see record

	mu   sync.Mutex // guards what is below, until Run's parts run
	line line       // nil before Run
	url  string     // of the broker
}

// New makes an uplink over the store. Nothing happens before Run.
func New(cfg Config, db *store.Store) *Uplink {
	u := &Uplink{
		cfg:     cfg.filled(),
		store:   db,
		changes: make(chan Status, 1),
		asked:   make(chan *call),
		dropped: make(chan *call),
		parcels: make(chan parcel),
		faults:  make(chan []wire.Fault, 1),
		orders:  make(chan Command, orders),
		told:    make(chan struct{}),
		began:   time.Now(),
		ended:   make(chan struct{}),
		url:     cfg.Identity.MQTT.URL,
	}
	if u.unfit = u.speak(cfg.Identity); u.unfit == nil {
		u.seal, u.unfit = wire.ParseSealKey(cfg.Identity.SealKey)
	}
	if u.unfit == nil {
		u.floor, u.unfit = db.Floor()
	}
	u.pump = newPump(u)
	u.sync = &replica{u: u, wanted: make(chan struct{}, 1)}
	return u
}

func (c Config) filled() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Grace == 0 {
		c.Grace = 3 * time.Second
	}
	if c.Resend == 0 {
		c.Resend = 5 * time.Second
	}
	return c
}

// Run keeps the uplink going until ctx ends; the link says goodbye then. It
// returns early only when the store fails or the configuration is unusable. It may
// be called once.
func (u *Uplink) Run(ctx context.Context) error {
	if err := u.dial(); err != nil {
		close(u.ended)
		return fmt.Errorf("make the uplink ready: %w", err)
	}
	online, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	var lines sync.WaitGroup
	lines.Go(func() {
		if err := u.line.Run(online); online.Err() == nil {
			u.cfg.Log.Error("run the link", "err", err)
		}
	})
	err := u.serve(ctx)
	u.current.Store(nil)
	hangUp()
	lines.Wait()
	return err
}

// serve runs the parts until ctx ends or one of them fails.
func (u *Uplink) serve(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var parts sync.WaitGroup
	for _, part := range []func(context.Context) error{u.loop, u.post, u.pump.run, u.sync.run, u.renewals} {
		parts.Go(func() {
			if err := part(ctx); err != nil {
				stop(err)
			}
		})
	}
	parts.Wait()
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return cause
	}
	return nil
}

// Move leaves the broker for the one at another address.
func (u *Uplink) Move(url string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.url = url
	if u.line != nil {
		u.line.Move(url)
	}
}

// Hurry skips the wait before the next try to connect.
func (u *Uplink) Hurry() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.line != nil {
		u.line.Hurry()
	}
}
