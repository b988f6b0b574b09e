package central

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/central/operators"
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
			URL: c.cfg.Terminals.URL, CA: c.cfg.Terminals.CA, Now: c.cfg.Now()})
		return err
	})
	if err != nil {
		return wire.Identity{}, fmt.Errorf("adding terminal %s: %w", n.ID, err)
	}
	return id, nil
}

// Terminals lists all terminals.
func (c *Central) Terminals(ctx context.Context) (list []terminals.Terminal, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) { list, err = terminals.List(tx); return err })
	return list, err
}

// Retire takes a terminal out of service for good.
func (c *Central) Retire(ctx context.Context, id string) error {
	return c.db.Update(ctx, func(tx store.Tx) error { return terminals.Retire(tx, id, c.cfg.Now()) })
}

// Release ends a terminal's quarantine.
func (c *Central) Release(ctx context.Context, id string) error {
	return c.db.Update(ctx, func(tx store.Tx) error { return terminals.Release(tx, id) })
}

// Accounts are the broker's accounts: central's own, one for each terminal
// that is not retired and one for each operator.
func (c *Central) Accounts(ctx context.Context) ([]broker.Account, error) {
	list, err := c.Terminals(ctx)
	if err != nil {
		return nil, err
	}
	accounts := []broker.Account{{User: c.cfg.Broker.User, Password: c.cfg.Broker.Password, Role: broker.Central}}
	for _, t := range list {
		if !t.Serving() {
			continue
		}
		password, err := terminals.Password(c.ring, t)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, broker.Account{User: t.ID, Password: password, Role: broker.Terminal, Site: t.Site})
	}
	people, err := c.operators(ctx)
	for _, o := range people {
		password, err := operators.Password(c.ring, o)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, broker.Account{User: o.ID, Password: password, Role: broker.Operator})
	}
	return accounts, err
}
