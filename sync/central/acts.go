package central

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// acts is what operators may ask for, over MQTT. Who may is in package wire;
// at which sites, each act sees to itself.
func (c *Central) acts() map[wire.Kind]session.Act {
	acts := map[wire.Kind]session.Act{
		wire.FleetLs:     {Reads: true, Do: c.fleetLs},
		wire.FleetShow:   {Reads: true, Do: c.fleetShow},
		wire.FleetSteps:  {Reads: true, Do: c.fleetSteps},
		wire.FleetFollow: {Reads: true, Do: c.fleetFollow},
		wire.FleetRun:    {Do: c.fleetRun},
		wire.FleetJob:    {Reads: true, Do: c.fleetJob},
		wire.FleetFetch:  {Reads: true, Do: c.fleetFetch},
		wire.ConfigGet:   {Reads: true, Do: c.configGet},
		wire.ConfigSet:   {Do: c.configSet},
		wire.ConfigDrift: {Reads: true, Do: c.configDrift},

		wire.ConsoleRespond: {Do: c.consoleRespond},
	}
	maps.Copy(acts, c.boothActs())
	maps.Copy(acts, c.auditActs())
	return acts
}

// Do does an act of an operator who is here by other means than a note: on
// central's own pages. The same roles may.
func (c *Central) Do(ctx context.Context, by operators.Operator, kind wire.Kind, body any) (json.RawMessage, error) {
	if err := by.Role.May(kind); err != nil {
		return nil, socket.Refuse("%v", err)
	}
	act, served := c.acts()[kind]
	if !served {
		return nil, socket.Refuse("this central does not know %s", kind)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("writing the body of %s: %w", kind, err)
	}
	if raw, err = act.Looked(ctx, c.db, by, raw); err != nil {
		return nil, err
	}
	run := c.db.Update
	if act.Reads {
		run = c.db.View
	}
	var result any
	err = run(ctx, func(tx store.Tx) (err error) { result, err = act.Do(tx, by, raw); return err })
	if err != nil {
		return nil, err
	}
	c.touched()
	return json.Marshal(result)
}

// bodyOf reads an act's body; what is wrong with it is an answer.
func bodyOf[B any](raw []byte) (b B, err error) {
	if err := wire.Decode(raw, &b); err != nil {
		return b, socket.Refuse("%v", err)
	}
	return b, nil
}

// fleetLs lists the terminals of an operator's sites.
func (c *Central) fleetLs(tx store.Tx, by operators.Operator, _ []byte) (any, error) {
	list, err := terminals.List(tx)
	if err != nil {
		return nil, err
	}
	views := []wire.TerminalView{}
	for _, t := range list {
		if !by.At(t.Site) {
			continue
		}
		v, err := c.viewOf(tx, t)
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	return views, nil
}

func (c *Central) fleetShow(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.TerminalBody](raw)
	if err != nil {
		return nil, err
	}
	t, err := terminalOf(tx, by, b.Terminal)
	if err != nil {
		return nil, err
	}
	return c.viewOf(tx, t)
}

// terminalOf finds a terminal at a site of the operator's. What hangs
// elsewhere is not told from what there is not.
func terminalOf(tx store.Tx, by operators.Operator, id string) (terminals.Terminal, error) {
	t, err := terminals.Find(tx, id)
	if err == nil && !by.At(t.Site) {
		err = terminals.ErrUnknown
	}
	if errors.Is(err, terminals.ErrUnknown) {
		return t, socket.Refuse("there is no terminal %q: \"fleet ls\" lists them", id)
	}
	return t, err
}

// viewOf joins a terminal with what was seen of it. While our own link is down
// nobody is known to be there. What one that is away said last of itself is over.
func (c *Central) viewOf(tx store.Tx, t terminals.Terminal) (wire.TerminalView, error) {
	seen, err := session.LastSeen(tx, t.ID)
	v := wire.TerminalView{ID: t.ID, Site: t.Site, Name: t.Name, State: wire.Offline,
		Since: seen.Since, Build: seen.Build, Sess: seen.Sess, Until: t.CertifiedUntil()}
	switch {
	case !t.Serving():
		v.State = wire.Gone
	case t.Quarantine != "":
		v.State, v.Why = wire.Quarantine, t.Quarantine
	case c.sessions.Presence.Of(t.ID).Online && c.linkUp.Load():
		v.State = wire.Online
		if v.Vitals = seen.Vitals; v.Vitals != nil {
			v.Vitals.Uptime += int(c.cfg.Now().Sub(seen.At).Seconds())
		}
	}
	return v, err
}
