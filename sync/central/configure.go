package central

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/settings"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// file is what the configuration file says for a site; of no site, as for one
// that has no texts of its own.
func (c *Central) file(site string) wire.Settings {
	s := wire.Settings{Policy: c.cfg.Policy, Site: c.cfg.site(site)}
	if site == "" {
		s.Site = c.cfg.tells(wire.Site{})
	}
	return s
}

// settingsOf is what a terminal should be set to.
func (c *Central) settingsOf(tx store.Tx, t terminals.Terminal) (wire.Settings, error) {
	s, _, err := settings.Desired(tx, c.file(t.Site), wire.Scope{Site: t.Site, Terminal: t.ID})
	return s, err
}

// noteSettings notes what the file says, and begins with the policy that was
// made of it since.
func (c *Central) noteSettings() error {
	return c.db.Update(context.Background(), func(tx store.Tx) error {
		if err := settings.Base(tx, c.cfg.Policy, c.cfg.Sites); err != nil {
			return err
		}
		if wrong, ok := errors.AsType[socket.Refused](c.checkSettings(tx)); ok {
			c.cfg.Log.Warn("the file and what was set by operators do not fit together", "err", wrong)
		}
		return c.follow(tx)
	})
}

// scopeOf finds out whether an operator may look at a scope, and adds a
// terminal's site.
func (c *Central) scopeOf(tx store.Tx, by operators.Operator, s wire.Scope) (wire.Scope, error) {
	if s.Terminal != "" {
		t, err := terminalOf(tx, by, s.Terminal)
		return wire.Scope{Site: t.Site, Terminal: s.Terminal}, err
	}
	if _, there := c.cfg.sites()[s.Site]; s.Site != "" && (!there || !by.At(s.Site)) {
		return s, socket.Refuse("there is no site %q", s.Site)
	}
	return s, nil
}

// asked reads the scope that an act is about.
func (c *Central) asked(tx store.Tx, by operators.Operator, raw []byte) (wire.Scope, error) {
	b, err := bodyOf[wire.Scope](raw)
	if err != nil {
		return b, err
	}
	return c.scopeOf(tx, by, b)
}

func (c *Central) configGet(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	scope, err := c.asked(tx, by, raw)
	if err != nil {
		return nil, err
	}
	desired, from, err := settings.Desired(tx, c.file(scope.Site), scope)
	if err != nil {
		return nil, err
	}
	values, err := settings.Values(desired, from)
	if scope == (wire.Scope{}) { // texts are each site's own
		values = slices.DeleteFunc(values, func(v wire.ConfigValue) bool { return strings.HasPrefix(v.Key, "site.") })
	}
	return wire.ConfigView{Scope: scope, Version: desired.Version, Values: values}, err
}

// configSet changes settings, unless what comes of it breaks a rule anywhere.
func (c *Central) configSet(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.ConfigSetBody](raw)
	if err != nil {
		return nil, err
	}
	scope, err := c.scopeOf(tx, by, b.Scope)
	if err != nil {
		return nil, err
	}
	switch {
	case len(by.Sites) > 0 && scope == (wire.Scope{}):
		return nil, socket.Refuse("the whole fleet is set by an operator of all sites: say --site or --terminal")
	case len(b.Set)+len(b.Unset) == 0:
		return nil, socket.Refuse("nothing is set: write KEY=VALUE")
	}
	err = settings.Set(tx, b)
	if wrong, ok := errors.AsType[settings.Wrong](err); ok {
		return nil, socket.Refuse("%s", wrong)
	}
	if err != nil {
		return nil, err
	}
	if err := c.checkSettings(tx); err != nil {
		return nil, err
	}
	desired, _, err := settings.Desired(tx, c.file(scope.Site), scope)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, change := range b.Set {
		keys = append(keys, change.Key)
	}
	err = c.acted(tx, by, audit.SettingsSet, scope.Site,
		fmt.Sprintf("%s, version %d: %s", b.Scope, desired.Version, strings.Join(append(keys, b.Unset...), " ")), b.Reason)
	return wire.ConfigView{Scope: scope, Version: desired.Version}, err
}

// checkSettings holds everybody's settings against the rules.
func (c *Central) checkSettings(tx store.Tx) error {
	scopes, err := settings.Scopes(tx)
	if err != nil {
		return err
	}
	for _, s := range c.cfg.Sites {
		scopes = append(scopes, wire.Scope{Site: s.ID})
	}
	for _, scope := range scopes {
		if scope == (wire.Scope{}) {
			continue // it is below each site
		}
		if scope.Terminal != "" {
			t, err := terminals.Find(tx, scope.Terminal)
			if err != nil || !t.Serving() {
				continue // its settings are nobody's any more
			}
			scope.Site = t.Site
		}
		s, _, err := settings.Desired(tx, c.file(scope.Site), scope)
		if err != nil {
			return err
		}
		if err := s.Check(); err != nil {
			return socket.Refuse("%v (%s)", err, scope)
		}
	}
	return nil
}

// configDrift lists what terminals are set to otherwise than they should be.
func (c *Central) configDrift(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	scope, err := c.asked(tx, by, raw)
	if err != nil {
		return nil, err
	}
	list, err := terminals.List(tx)
	if err != nil {
		return nil, err
	}
	diffs := []wire.ConfigDiff{}
	for _, t := range list {
		if !t.Serving() || !by.At(t.Site) || scope.Site != "" && t.Site != scope.Site || scope.Terminal != "" && t.ID != scope.Terminal {
			continue
		}
		d, err := c.drift(tx, t)
		if err != nil {
			return nil, err
		}
		diffs = append(diffs, d)
	}
	return diffs, nil
}

func (c *Central) drift(tx store.Tx, t terminals.Terminal) (d wire.ConfigDiff, err error) {
	desired, err := c.settingsOf(tx, t)
	if err != nil {
		return d, err
	}
	reported, err := settings.Reported(tx, t.ID)
	if err != nil {
		return d, err
	}
	d = wire.ConfigDiff{Terminal: t.ID, Desired: desired.Version, Reported: reported.Version}
	if reported.Version > 0 {
		d.Differs, err = settings.Differ(desired, reported)
	}
	return d, err
}

// settingsTaken keeps what a terminal says that it is set to.
func settingsTaken(tx store.Tx, who session.Who, raw []byte, now time.Time) error {
	var s wire.Settings
	if err := wire.Decode(raw, &s); err != nil {
		return nil // no settings: sending it again would not help
	}
	was, err := settings.Reported(tx, who.ID)
	if err != nil {
		return err
	}
	text, err := news(was, s)
	return errors.Join(err, settings.Report(tx, who.ID, s),
		fleet.Happened(tx, wire.Event{At: now, Kind: wire.NewSettings, Terminal: who.ID, Site: who.Site, Text: text}))
}

// news says which settings a terminal has taken over.
func news(was, is wire.Settings) (string, error) {
	text := fmt.Sprintf("version %d", is.Version)
	if was.Version == 0 {
		return text, nil // all of them
	}
	changed, err := settings.Differ(is, was)
	var keys []string
	for _, line := range changed {
		keys = append(keys, line.Key)
	}
	if len(keys) > 0 {
		text += ": " + strings.Join(keys, " ")
	}
	return text, err
}

// wished is a terminal with what it should be set to.
type wished struct {
	to   terminals.Terminal
	want wire.Settings
}

// wish tells the terminals that are behind what they should be set to, when
// that has changed or the broker may have forgotten. The rules that central
// itself keeps change with it.
func (d *dispatcher) wish(ctx context.Context) error {
	links := d.Central.links.Load()
	var newest uint64
	var list []wished
	err := d.db.View(ctx, func(tx store.Tx) (err error) {
		if newest, err = settings.Newest(tx); err != nil || newest == d.wished && links == d.links {
			return err
		}
		if err := d.follow(tx); err != nil {
			return err
		}
		list, err = d.behind(tx)
		return err
	})
	if err != nil || newest == d.wished && links == d.links {
		return err
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, one := range list {
		group.Go(func() error { return d.sessions.Wish(ctx, d.line, one.to, one.want) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	d.wished, d.links = newest, links
	return nil
}

// follow makes the fleet's policy hold for what central itself keeps, and the
// sites' texts for its letters.
func (c *Central) follow(tx store.Tx) error {
	s, _, err := settings.Desired(tx, c.file(""), wire.Scope{})
	sites := c.cfg.sites()
	for id := range sites {
		of, _, siteErr := settings.Desired(tx, c.file(id), wire.Scope{Site: id})
		sites[id], err = of.Site, errors.Join(err, siteErr)
	}
	if err == nil {
		c.desk.Follow(s.Policy, sites)
	}
	return err
}

// behind lists the terminals that have not taken over what they should.
func (c *Central) behind(tx store.Tx) (list []wished, err error) {
	all, err := terminals.List(tx)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if !t.Serving() {
			continue
		}
		want, err := c.settingsOf(tx, t)
		if err != nil {
			return nil, err
		}
		has, err := settings.Reported(tx, t.ID)
		if err != nil {
			return nil, err
		}
		if has.Version < want.Version {
			list = append(list, wished{t, want})
		}
	}
	return list, nil
}
