package central

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Config is everything that a central is told from outside. Data, Keyring,
// Realm, Policy, Sites and House.Sender are needed.
type Config struct {
	Realm   string // names the installation; terminals are bound to it
	Data    string // folder of the store
	Keyring string // file, outside the store
	Policy  wire.Policy
	Sites   []wire.Site

	// Authority is what the certificates of cards have to chain to.
	Authority *x509.CertPool

	Broker    Broker
	Terminals Broker // as terminals reach it: only URL and CA count

	// Certificates has everybody prove towards the broker who they are by a
	// certificate of central's own authority, instead of a password; TLS in
	// Broker and CA in Terminals do not count then. Enrol is the URL of the
	// broker's listener for terminals that have none yet.
	Certificates bool
	Enrol        string

	// Lists hears whom the broker is to let in, when central starts to run and
	// whenever that changes. nil: somebody runs "central broker-config".
	Lists Lists

	Mail  mail.Server
	House mail.House

	Web    string // address of the pages; empty: none
	Public string // address of the page of the links in letters; empty: none

	// PublicURL is what those links begin with, as their readers reach
	// Public; empty: letters have no links.
	PublicURL string
	Socket    string // path of the local socket; empty: none

	// Pages are those of terminals, in the order in which people meet them.
	Pages []string

	Build string
	Now   func() time.Time // nil: the system's clock
	Log   *slog.Logger     // nil: silent
}

// Lists is the broker as somebody who has to be told whom to let in. When Let
// returns, the broker knows, or will in a moment.
type Lists interface {
	Let(ctx context.Context, a BrokerAccess) error
}

// Broker says how to reach the broker.
type Broker struct {
	URL      string
	User     string
	Password string
	CA       string      // path of a PEM file, for terminals
	TLS      *tls.Config // for central
	Wait     link.Wait
}

func (c Config) filled() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Terminals.URL == "" {
		c.Terminals.URL, c.Terminals.CA = c.Broker.URL, c.Broker.CA
	}
	c.Sites = append([]wire.Site(nil), c.Sites...)
	for i := range c.Sites {
		c.Sites[i] = c.tells(c.Sites[i])
	}
	return c
}

// sites by id.
func (c Config) sites() map[string]wire.Site {
	m := make(map[string]wire.Site, len(c.Sites))
	for _, s := range c.Sites {
		m[s.ID] = s
	}
	return m
}

// site is what the terminals of a site tell people; of a site that is not
// configured any more, at least where codes come from.
func (c Config) site(id string) wire.Site {
	if s, ok := c.sites()[id]; ok {
		return s
	}
	return c.tells(wire.Site{ID: id, Name: id})
}

// tells adds to a site how the mails with codes look.
func (c Config) tells(s wire.Site) wire.Site {
	s.Sender = c.House.Sender
	s.RegisterSubject, s.UnlockSubject = c.House.Subject(mail.RegisterCode), c.House.Subject(mail.UnlockCode)
	return s
}
