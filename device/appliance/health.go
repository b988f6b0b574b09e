package appliance

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/display"
)

var _ health.Subject = (*Appliance)(nil)

// Health is what the terminal knows of itself: nothing about a person.
func (a *Appliance) Health(ctx context.Context) (health.Reading, error) {
	card, err := a.Card(ctx)
	if err != nil {
		return health.Reading{}, fmt.Errorf("ask the loop: %w", err)
	}
	kept, err := a.kept()
	if err != nil {
		return health.Reading{}, err
	}
	floor, err := a.store.Floor()
	if err != nil {
		return health.Reading{}, err
	}
	me, line, now := a.cfg.Identity, a.uplink.Status(), a.cfg.Now()
	policy, _ := a.store.Rules()
	from, until := a.uplink.Certificate()
	return health.Reading{
		At: now, Up: time.Since(a.began),
		ID: me.ID, Site: me.Site, Name: me.Name, Build: a.cfg.Build, Made: a.cfg.Made,
		Page: a.Page().ID, Policy: policy.Version,
		Reader: card.reader(),
		Link:   health.Link{Broker: nobodys(*a.broker.Load()), Linked: line.Linked, Up: line.Up, Central: line.Central, Why: a.why(), From: from, Until: until},
		Store:  kept,
		Clock:  health.Clock{Floor: floor, Ahead: a.ahead(now)},
		Face:   a.face(),
	}, nil
}

// Account is all that the terminal tells of itself: nothing about a person.
func (a *Appliance) Account(ctx context.Context) (health.Report, error) {
	r, err := a.Health(ctx)
	if err != nil {
		return health.Report{}, err
	}
	policy, site := a.store.Rules()
	report := health.Report{Reading: r, Faults: append([]health.Fault{}, r.Faults()...), Rules: policy, Texts: site,
		Program: health.ThisProgram(), Settings: strings.Split(strings.TrimSpace(a.cfg.Settings), "\n")}
	if a.cfg.Kept != nil {
		report.Log = a.cfg.Kept.Lines()
	}
	return report, nil
}

// ahead is how far the clock is ahead of central's, as far as is known.
func (a *Appliance) ahead(now time.Time) time.Duration {
	central := a.central()
	if central.IsZero() {
		return 0
	}
	return now.Sub(central)
}

// central is central's time; zero before it was heard of.
func (a *Appliance) central() time.Time {
	t := a.uplink.Time()
	if t.IsZero() {
		return t
	}
	return t.Add(time.Duration(a.moved.Load()))
}

// now is the date that people and cards are held to: central's where it is
// known, since the terminal's own clock may never have been set.
func (a *Appliance) now() time.Time {
	if t := a.central(); !t.IsZero() {
		return t
	}
	return a.uplink.Now()
}

// face is how the parts are that people stand in front of.
func (a *Appliance) face() (parts []health.Part) {
	now := time.Now()
	for _, part := range a.cfg.Face {
		parts = append(parts, part.Now(now))
	}
	return parts
}

// Now is how the part is.
func (p Part) Now(now time.Time) health.Part {
	s := p.How.State(now)
	is := health.Part{Name: p.Name, Times: s.Times}
	if !s.Heard.IsZero() {
		is.Quiet = now.Sub(s.Heard)
	}
	if !s.Down.IsZero() {
		is.Down, is.Cause = now.Sub(s.Down), s.Cause.Error()
	}
	return is
}

// reader is what may be told of the slot: not which card is in it.
func (s CardStatus) reader() health.Reader {
	r := health.Reader{Name: s.Presence.Reader, Approved: !s.Presence.Unapproved, Card: s.Presence.Card,
		Profile: s.Info.Profile, Commands: len(s.Timings)}
	for _, t := range s.Timings {
		r.Slowest = max(r.Slowest, t.Took)
	}
	return r
}

func (a *Appliance) kept() (health.Store, error) {
	out, err := a.store.Outbox()
	if err != nil {
		return health.Store{}, err
	}
	head, err := a.store.Head()
	if err != nil {
		return health.Store{}, err
	}
	free, err := a.store.Free()
	if err != nil {
		return health.Store{}, err
	}
	return health.Store{Incarnation: a.store.Inc(), Registry: head, Facts: out.Seq, Waiting: out.Seq - out.Acked,
		SetAside: a.store.SetAside(), Free: free}, nil
}

// nobodys is the address of a broker without the name and password that an
// address may hold.
func nobodys(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

func (a *Appliance) why() string {
	if err := a.uplink.Why(); err != nil {
		return err.Error()
	}
	return ""
}

// ProbeStore writes to the store and reads it back.
func (a *Appliance) ProbeStore() error { return a.store.Probe() }

// ProbeCentral asks central something that changes nothing.
func (a *Appliance) ProbeCentral(ctx context.Context) error { return a.uplink.Probe(ctx) }

// Show shows a page in the place of the journey's until ctx ends. A card that
// goes in ends it as well: people come first. While one is in, it is refused.
// What is touched or pressed meanwhile means nothing to the journey.
func (a *Appliance) Show(ctx context.Context, page display.Page) error {
	return a.guests.Show(ctx, page)
}

// Events are what panel, pad and keyboard report until ctx ends. While a card
// is in, keys and characters are question marks and touches have no place.
func (a *Appliance) Events(ctx context.Context) <-chan display.Event { return a.hands.Events(ctx) }
