package central

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

const (
	// mostTerminals of one job: its rows fit into one transaction, however long
	// their names.
	mostTerminals = 300
	// longestWithin is how long a terminal that is away may take.
	longestWithin = 7 * 24 * time.Hour
	// atOnce is how many commands are on their way to the broker: what a link
	// has in flight.
	atOnce = 16
)

// fleetRun gives terminals something to do.
func (c *Central) fleetRun(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.RunBody](raw)
	if err != nil {
		return nil, err
	}
	within := time.Duration(b.Within) * time.Second
	switch {
	case !wire.ValidWork(b.Do):
		return nil, socket.Refuse("there is no %q: terminals do %v", b.Do, wire.Works())
	case len(b.Terminals) == 0 || len(b.Terminals) > mostTerminals:
		return nil, socket.Refuse("%d terminals are named: name 1 to %d", len(b.Terminals), mostTerminals)
	case within <= 0 || within > longestWithin:
		return nil, socket.Refuse("within is %s: write 1s to %s", within, longestWithin)
	}
	j := wire.Job{ID: wire.NewID(), Do: b.Do, By: by.ID, Reason: cmp.Or(b.Reason, wire.Routine), At: c.cfg.Now(), Until: c.cfg.Now().Add(within)}
	at := map[string][]string{} // terminals, by site
	slices.Sort(b.Terminals)
	for _, id := range slices.Compact(b.Terminals) {
		t, err := terminalOf(tx, by, id)
		if err != nil {
			return nil, err
		}
		if !t.Serving() {
			return nil, socket.Refuse("%s is retired", id)
		}
		j.Results = append(j.Results, wire.JobResult{Terminal: id})
		at[t.Site] = append(at[t.Site], id)
	}
	for _, site := range slices.Sorted(maps.Keys(at)) {
		note := fmt.Sprintf("%s, job %s: %s", j.Do, j.ID, strings.Join(at[site], " "))
		if err := c.acted(tx, by, audit.CommandGiven, site, note, b.Reason); err != nil {
			return nil, err
		}
	}
	return wire.JobBody{Job: j.ID}, fleet.Begin(tx, j)
}

func (c *Central) fleetJob(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.JobBody](raw)
	if err != nil {
		return nil, err
	}
	j, err := fleet.Job(tx, b.Job, c.cfg.Now())
	if err == nil && len(by.Sites) > 0 {
		if j.Results, err = reachable(tx, by, j.Results); err == nil && len(j.Results) == 0 {
			err = fleet.ErrNoJob // for them
		}
	}
	if errors.Is(err, fleet.ErrNoJob) {
		return nil, socket.Refuse("there is no job %q", b.Job)
	}
	return j, err
}

// reachable picks the results at an operator's sites.
func reachable(tx store.Tx, by operators.Operator, list []wire.JobResult) (mine []wire.JobResult, err error) {
	for _, r := range list {
		t, err := terminals.Find(tx, r.Terminal)
		if err != nil {
			return nil, err
		}
		if by.At(t.Site) {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

func (c *Central) fleetFetch(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.FetchBody](raw)
	if err != nil {
		return nil, err
	}
	if _, err := terminalOf(tx, by, b.Terminal); err != nil {
		return nil, err
	}
	return fleet.Brought(tx, b.Job, b.Terminal)
}

// commandDone takes what a terminal says of a command.
func commandDone(tx store.Tx, who session.Who, raw []byte, now time.Time) (any, error) {
	var b wire.CommandDoneBody
	if err := wire.Decode(raw, &b); err != nil || !wire.ValidID(b.Job) || b.Part.Part < 1 || b.Part.Part > b.Part.Of ||
		b.Part.Of > wire.MaxParts || b.End != wire.Done && b.End != wire.Failed || len(b.Text) > longestText {
		return wire.Refuse(wire.BadRequest), nil
	}
	b.Text = wire.Plain(b.Text)
	do, over, err := fleet.Ended(tx, who.ID, b)
	if errors.Is(err, fleet.ErrNoJob) {
		return wire.Refuse(wire.BadRequest), nil
	}
	if over {
		text := fmt.Sprintf("%s %s: %s", do, b.End, b.Text)
		err = fleet.Happened(tx, wire.Event{At: now, Kind: wire.CommandOver, Terminal: who.ID, Site: who.Site, Text: text, Job: b.Job})
	}
	return wire.CommandDoneReply{}, err
}

// longestText is the most bytes of what a terminal says in a line.
const longestText = 300

// dispatch hands commands to terminals as these come, once for each of their
// link sessions: a terminal does each once. And it tells them what they should
// be set to.
func (c *Central) dispatch(ctx context.Context, l session.Link) error {
	d := dispatcher{Central: c, line: l, sent: map[string]string{}}
	tick := time.NewTicker(choreEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.errands:
		case <-tick.C:
		}
		if !c.linkUp.Load() {
			continue
		}
		if err := errors.Join(d.look(ctx), d.wish(ctx)); err != nil && ctx.Err() == nil {
			c.cfg.Log.Warn("commands or settings were not sent", "err", err)
		}
	}
}

type dispatcher struct {
	*Central
	line session.Link
	sent map[string]string // the link session that a terminal was sent a job in, by both

	wished uint64 // the change up to which terminals were told their settings
	links  int64  // the link's coming up since when that holds
}

// due is a command to send now.
type due struct {
	fleet.Errand
	to   terminals.Terminal
	sess string
}

// look sends what is due and forgets what is late.
func (d *dispatcher) look(ctx context.Context) error {
	now := d.cfg.Now()
	var list []due
	var late []fleet.Errand
	var open map[string]string // what of sent still waits for its answer
	err := d.db.View(ctx, func(tx store.Tx) error {
		errands, err := fleet.Pending(tx)
		if err != nil {
			return err
		}
		list, late, open = nil, nil, map[string]string{}
		for _, e := range errands {
			key := e.Terminal + "/" + e.Job
			if sess, sent := d.sent[key]; sent {
				open[key] = sess
			}
			if !now.Before(e.Until) {
				late = append(late, e)
				continue
			}
			to, err := terminals.Find(tx, e.Terminal)
			if err != nil {
				return err
			}
			seen := d.sessions.Presence.Of(e.Terminal)
			if seen.Online && to.Serving() && d.sent[key] != seen.Sess {
				list = append(list, due{e, to, seen.Sess})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.sent = open
	return errors.Join(d.send(ctx, list), d.drop(ctx, late))
}

func (d *dispatcher) send(ctx context.Context, list []due) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	errs := make([]error, len(list)) // what failed is sent again
	for i, one := range list {
		group.Go(func() error {
			errs[i] = d.sessions.Order(ctx, d.line, one.to, one.Until, wire.CommandBody{Job: one.Job, Do: one.Do})
			return errs[i]
		})
	}
	err := group.Wait()
	for i, one := range list {
		if errs[i] == nil {
			d.sent[one.Terminal+"/"+one.Job] = one.sess
		}
	}
	return err
}

func (d *dispatcher) drop(ctx context.Context, late []fleet.Errand) error {
	for e := range slices.Chunk(late, 100) {
		err := d.db.Update(ctx, func(tx store.Tx) error {
			var errs []error
			for _, one := range e {
				errs = append(errs, fleet.DropPending(tx, one))
			}
			return errors.Join(errs...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
