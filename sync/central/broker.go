package central

import (
	"context"
	"net/url"
	"slices"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/enrol"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// BrokerAccess is whom a broker is to let in. It holds secrets of the broker's.
type BrokerAccess struct {
	Accounts []broker.Account `json:"accounts"`
	TLS      *broker.TLS      `json:"tls,omitempty"` // nil: the accounts have passwords
}

// composeBroker opens the certificate authority where there is one.
func (c *Central) composeBroker() error {
	if !c.cfg.Certificates {
		return nil
	}
	err := c.db.Update(context.Background(), func(tx store.Tx) (err error) {
		c.vouches, err = authority.Open(tx, c.ring, c.cfg.Realm, c.cfg.Now)
		return err
	})
	c.enrol = &enrol.Desk{Realm: c.cfg.Realm, Ring: c.ring, Authority: c.vouches, URL: c.cfg.Terminals.URL,
		Policy: c.cfg.Policy, Site: c.cfg.site, Now: c.cfg.Now}
	return err
}

// toBroker is a link to the broker in central's name; part tells several of
// them apart.
func (c *Central) toBroker(b Broker, part string, more link.Config) *link.Session {
	_, secret := c.ring.Newest(keyring.Note)
	return c.lineAs(b, wire.SecretClientID(part, secret), more)
}

func (c *Central) lineAs(b Broker, client string, more link.Config) *link.Session {
	more.URL, more.User, more.Password, more.TLS, more.Wait = b.URL, b.User, b.Password, b.TLS, b.Wait
	more.ClientID = client
	if c.vouches != nil {
		more.TLS = c.vouches.Own(wire.Central)
	}
	return link.New(more)
}

// Accounts are the broker's accounts: central's own, one for each operator
// and, with passwords, one for each terminal that is not retired. With
// certificates any name that is in one and has no account is a terminal's.
func (c *Central) Accounts(ctx context.Context) ([]broker.Account, error) {
	accounts := []broker.Account{{User: c.cfg.Broker.User, Password: c.cfg.Broker.Password, Role: broker.Central}}
	if c.vouches != nil {
		accounts[0] = broker.Account{User: wire.Central, Role: broker.Central}
	}
	list, err := c.Terminals(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		if !t.Serving() || len(t.Password) == 0 {
			continue
		}
		password, err := terminals.Password(c.ring, t)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, broker.Account{User: t.ID, Password: password, Role: broker.Terminal, Site: t.Site})
	}
	people, err := c.operators(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range people {
		account := broker.Account{User: o.ID, Role: broker.Operator}
		if c.vouches == nil {
			if account.Password, err = operators.Password(c.ring, o); err != nil {
				return nil, err
			}
		}
		accounts = append(accounts, account)
	}
	return accounts, nil
}

// Access is whom the broker is to let in now. With certificates, it brings a
// fresh one for the broker each time, for the hosts of the addresses under
// which it is reached.
func (c *Central) Access(ctx context.Context) (a BrokerAccess, err error) {
	if a.Accounts, err = c.Accounts(ctx); err != nil || c.vouches == nil {
		return a, err
	}
	a.TLS = &broker.TLS{Authority: c.vouches.PEM()}
	if a.TLS.Certificate, a.TLS.Key, err = c.vouches.Server(c.hosts()); err != nil {
		return a, err
	}
	err = c.db.View(ctx, func(tx store.Tx) (err error) {
		list, err := terminals.List(tx)
		if err != nil {
			return err
		}
		for _, t := range list {
			if !t.Serving() {
				a.TLS.Retired = append(a.TLS.Retired, t.ID)
			}
		}
		a.TLS.Revoked, err = c.vouches.Revoked(tx)
		return err
	})
	return a, err
}

// hosts under which the broker is reached.
func (c *Central) hosts() (hosts []string) {
	for _, text := range []string{c.cfg.Broker.URL, c.cfg.Terminals.URL, c.cfg.Enrol} {
		if at, err := url.Parse(text); err == nil && at.Hostname() != "" && !slices.Contains(hosts, at.Hostname()) {
			hosts = append(hosts, at.Hostname())
		}
	}
	return hosts
}
