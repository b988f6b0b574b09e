// Package central is the server: it composes the store, the key ring, the
// desk, the terminals' sessions, the mail and the pages into one program.
//
// [Open] opens what it keeps; [Central.Run] serves until its context ends;
// [Central.Close] closes the store. What an operator asks for on the same
// machine comes through a local socket ([Central.Office]); what it shows is
// an [Overview].
//
// The rules are in package desk, and nothing here decides about a card.
package central

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/enrol"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/login"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Central is an opened server.
type Central struct {
	cfg      Config
	ring     *keyring.Ring
	db       *store.DB
	vouches  *authority.Authority // nil: the broker has passwords
	desk     *desk.Desk
	log      *audit.Log
	logins   *login.Desk
	enrol    *enrol.Desk
	sessions *session.Server
	crier    *crier
	mail     *mail.Worker
	metrics  *prometheus.Registry

	ready   chan struct{} // closed when everything listens and the link was up once
	errands chan struct{} // holds one: a terminal may have something to do
	changed chan struct{} // holds one: a registry may have changed
	lists   chan struct{} // holds one: it may have changed whom the broker is to let in
	tick    chan struct{} // holds one: the clock may have moved
	linkUp  atomic.Bool
	links   atomic.Int64 // how often the link has come up

	readyOnce sync.Once
}

// Open opens the store and the key ring, which have to belong together.
func Open(c Config) (*Central, error) {
	c = c.filled()
	ring, err := keyring.Load(c.Keyring)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(c.Data)
	if errors.Is(err, store.ErrDamaged) {
		return nil, fmt.Errorf("%w: put a backup in its place, and keep the folder", err)
	}
	if err != nil {
		return nil, err
	}
	log := audit.New(ring)
	central := &Central{cfg: c, ring: ring, db: db, log: log, metrics: prometheus.NewRegistry(),
		logins: login.New(login.Config{Store: db, Ring: ring, Log: log, Realm: c.Realm, Now: c.Now}),
		ready:  make(chan struct{}), errands: make(chan struct{}, 1), changed: make(chan struct{}, 1),
		lists: make(chan struct{}, 1), tick: make(chan struct{}, 1)}
	if err := central.begin(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return central, nil
}

func (c *Central) begin() error {
	if err := c.confirm(); err != nil {
		return err
	}
	if err := c.composeBroker(); err != nil {
		return err
	}
	if err := c.compose(); err != nil {
		return err
	}
	return c.noteSettings()
}

// confirm makes sure that the store is the one of this key ring and realm:
// with another of either, every terminal would be cut off without a word.
func (c *Central) confirm() error {
	if err := c.db.Update(context.Background(), c.ring.Confirm); err != nil {
		return fmt.Errorf("holding the key ring against the store: %w", err)
	}
	err := c.db.Update(context.Background(), func(tx store.Tx) error { return c.log.Begin(tx, c.cfg.Now()) })
	if err != nil {
		return fmt.Errorf("beginning the audit log: %w", err)
	}
	return c.db.Update(context.Background(), func(tx store.Tx) error {
		realms := store.Table[string]{Name: "realm"}
		was, there, err := realms.Find(tx, "realm")
		if err == nil && there && was != c.cfg.Realm {
			return fmt.Errorf("realm is %q, and the store and every terminal belong to %q: write that again", c.cfg.Realm, was)
		}
		if err != nil || there {
			return err
		}
		return realms.Put(tx, "realm", c.cfg.Realm)
	})
}

func (c *Central) compose() error {
	sites := c.cfg.sites()
	c.desk = desk.New(desk.Config{Realm: c.cfg.Realm, Keys: c.ring, Policy: c.cfg.Policy, Sites: sites,
		Authority: c.cfg.Authority, Now: c.cfg.Now, FreezeURL: c.cfg.freezeURL()})
	signer, err := wire.NewSigner(wire.Central, c.ring.NoteKey())
	if err != nil {
		return err
	}
	seal, err := wire.ParseSealKey(c.ring.SealKey())
	if err != nil {
		return err
	}
	c.crier = newCrier()
	c.sessions = session.New(session.Config{Store: c.db, Desk: rules{c}, Acts: c.acts(), Realm: c.cfg.Realm, Signer: signer,
		SealKey: seal, Settings: c.settingsOf,
		Now: c.cfg.Now, Log: c.cfg.Log, Metrics: session.NewMetrics(c.metrics)})
	return c.composeMail()
}

func (c *Central) composeMail() error {
	words, err := mail.NewWords(c.cfg.House)
	if err != nil {
		return err
	}
	sender, err := mail.NewSMTP(c.cfg.Mail, c.cfg.House)
	if err != nil {
		return err
	}
	c.mail = mail.NewWorker(mail.Config{Store: c.db, Composer: c.desk, Words: words, Sender: sender,
		Now: c.cfg.Now, Log: c.cfg.Log})
	return nil
}

// Close closes the store. Run has to have returned.
func (c *Central) Close() error { return c.db.Close() }

// Ready is closed once the link was up and the pages and the socket answer.
func (c *Central) Ready() <-chan struct{} { return c.ready }

// Nudge makes central look at the clock and at its queues: whoever moves its
// clock calls it afterwards.
func (c *Central) Nudge() {
	c.touched()
	full(c.tick)
}

// touched tells mail and herald that something may have been committed.
func (c *Central) touched() {
	c.mail.Wake()
	full(c.changed)
	full(c.crier.wake)
	full(c.errands)
}

// full puts a signal into a channel that holds one.
func full(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
