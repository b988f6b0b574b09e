package central

import (
	"context"
	"fmt"
	"time"

	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/central/web"
)

// Overview is what central knows, in numbers and without a person.
type Overview struct {
	At         time.Time      `json:"at"`
	Link       bool           `json:"link"`  // to the broker is up
	Queue      int            `json:"queue"` // mails to be sent
	Cards      int            `json:"cards"`
	Registered int            `json:"registered"`
	Cases      int            `json:"cases"` // open ones
	Locked     int            `json:"locked"`
	Factory    int            `json:"factory_keys"` // cards whose key is one that anybody knows
	Rows       []desk.CardRow `json:"rows"`
	Terminals  []TerminalLine `json:"terminals"`
	Reports    map[string]int `json:"reports"` // by terminals, by their kind
}

// TerminalLine is a terminal in a list.
type TerminalLine struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Site       string    `json:"site"`
	Online     bool      `json:"online"`
	Since      time.Time `json:"since,omitzero"`
	Build      string    `json:"build,omitempty"`
	Quarantine string    `json:"quarantine,omitempty"`
	Retired    bool      `json:"retired,omitempty"`
}

// Overview reads it, all of one moment.
func (c *Central) Overview(ctx context.Context) (o Overview, err error) {
	err = c.db.View(ctx, func(tx store.Tx) error {
		d, err := c.desk.Overview(tx)
		if err != nil {
			return err
		}
		o = Overview{At: c.cfg.Now(), Link: c.linkUp.Load(), Cards: d.Cards, Registered: d.Registrations,
			Cases: d.Cases, Locked: d.Lockouts, Factory: d.FactoryKeys, Rows: d.Rows, Reports: d.Reports}
		if o.Queue, err = mail.Queue(tx); err != nil {
			return err
		}
		list, err := terminals.List(tx)
		o.Terminals = seen(list, c.sessions.Presence.All(), o.Link)
		return err
	})
	if err != nil {
		return Overview{}, fmt.Errorf("reading the overview: %w", err)
	}
	return o, nil
}

// seen joins the list with presence. While our own link is down nobody is
// known to be there.
func seen(list []terminals.Terminal, presence map[string]session.Seen, link bool) []TerminalLine {
	out := make([]TerminalLine, 0, len(list))
	for _, t := range list {
		p := presence[t.ID]
		out = append(out, TerminalLine{ID: t.ID, Name: t.Name, Site: t.Site, Online: p.Online && link, Since: p.Since,
			Build: p.Build, Quarantine: t.Quarantine, Retired: !t.Serving()})
	}
	return out
}

// front is central as its pages see it.
type front struct{ *Central }

var _ web.Central = front{}

func (f front) Overview(ctx context.Context) (web.Overview, error) {
	o, err := f.Central.Overview(ctx)
	return web.Overview{At: o.At, LinkUp: o.Link, MailQueue: o.Queue, Counts: []web.Count{
		{Name: "cards", N: o.Cards}, {Name: "registered", N: o.Registered},
		{Name: "codes under way", N: o.Cases}, {Name: "locked out", N: o.Locked},
		{Name: "with a factory key", N: o.Factory},
	}}, err
}

// LinkUp says how the link is, and fails when the store does not answer.
func (f front) LinkUp(ctx context.Context) (bool, error) {
	err := f.db.View(ctx, func(tx store.Tx) error { _, err := mail.StateOf(tx, ""); return err })
	return f.linkUp.Load(), err
}
