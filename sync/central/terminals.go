package central

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// NewTerminal is what somebody decides about a terminal.
type NewTerminal struct {
	ID   string `json:"id"`
	Site string `json:"site"`
	Name string `json:"name,omitempty"` // as people say it; empty: the id
}

// ErrNoSite is the answer for a site that is not configured.
var ErrNoSite = errors.New("there is no such site")

// AddTerminal makes a terminal's keys and account, and returns its identity,
// whose secrets are kept nowhere else.
func (c *Central) AddTerminal(ctx context.Context, n NewTerminal) (id wire.Identity, err error) {
	if _, ok := c.cfg.sites()[n.Site]; !ok {
		return id, fmt.Errorf("site %q: %w", n.Site, ErrNoSite)
	}
	err = c.db.Update(ctx, func(tx store.Tx) (err error) {
		id, err = terminals.Add(tx, c.ring, terminals.New{ID: n.ID, Site: n.Site, Name: n.Name, Realm: c.cfg.Realm,
			URL: c.cfg.Terminals.URL, CA: c.cfg.Terminals.CA, Now: c.cfg.Now(), Authority: c.vouches})
		if err != nil {
			return err
		}
		return c.noted(tx, audit.TerminalAdded, n.Site, n.ID)
	})
	if err != nil {
		return wire.Identity{}, fmt.Errorf("adding terminal %s: %w", n.ID, err)
	}
	c.admitted()
	return id, nil
}

// Terminals lists all terminals.
func (c *Central) Terminals(ctx context.Context) (list []terminals.Terminal, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) { list, err = terminals.List(tx); return err })
	return list, err
}

// Retire takes a terminal out of service for good. Its will is not listened to
// any more.
func (c *Central) Retire(ctx context.Context, id string) error {
	defer c.admitted()
	err := c.db.Update(ctx, func(tx store.Tx) error {
		if err := terminals.Retire(tx, id, c.cfg.Now()); err != nil {
			return err
		}
		return c.notedOf(tx, audit.TerminalRetired, audit.Local, id, id)
	})
	if err == nil {
		c.sessions.Presence.Forget(id)
	}
	return err
}

// Release ends a terminal's quarantine.
func (c *Central) Release(ctx context.Context, id string) error {
	return c.db.Update(ctx, func(tx store.Tx) error {
		if err := terminals.Release(tx, id); err != nil {
			return err
		}
		return c.notedOf(tx, audit.TerminalReleased, audit.Local, id, id)
	})
}
