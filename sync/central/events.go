package central

import (
	"context"
	"sync"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// followFor is how long who asked for events once is told of new ones. Who
// follows asks again well before.
const followFor = time.Minute

// crier tells operators that something happened, while they follow.
type crier struct {
	wake chan struct{} // holds one: something may have happened

	mu        sync.Mutex // acts add, cry looks
	followers map[string]follower
}

type follower struct {
	operators.Operator
	until time.Time // on the monotonic clock
}

func newCrier() *crier {
	return &crier{wake: make(chan struct{}, 1), followers: map[string]follower{}}
}

// follow adds who asks, or adds to their time.
func (c *crier) follow(by operators.Operator) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.followers[by.ID] = follower{by, time.Now().Add(followFor)}
}

// now are those who follow at present.
func (c *crier) now() (list []operators.Operator) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, f := range c.followers {
		if time.Now().After(f.until) {
			delete(c.followers, id)
			continue
		}
		list = append(list, f.Operator)
	}
	return list
}

// fleetFollow lists events behind a number, or the last ones, and lets the operator hear of
// those to come.
func (c *Central) fleetFollow(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.FollowBody](raw)
	if err != nil {
		return nil, err
	}
	head, err := fleet.Head(tx)
	if err != nil {
		return nil, err
	}
	after := head - min(head, uint64(max(b.Last, 0)))
	if b.After != nil {
		after = *b.After
	}
	list, err := fleet.Since(tx, after, 0)
	c.crier.follow(by)
	return wire.EventsBody{Events: within(by, list), Head: head}, err
}

// within picks the events of an operator's sites.
func within(by operators.Operator, list []wire.Event) []wire.Event {
	mine := []wire.Event{}
	for _, e := range list {
		if by.At(e.Site) {
			mine = append(mine, e)
		}
	}
	return mine
}

// cry tells who follows that there are new events, so that they ask for them:
// a word that is lost costs them nothing but time.
func (c *Central) cry(ctx context.Context, l session.Link) error {
	var told uint64
	for {
		head, err := c.head(ctx)
		if err != nil && ctx.Err() == nil {
			c.cfg.Log.Warn("events were not told", "err", err)
		}
		if head > told {
			told = head
			c.tellFollowers(ctx, l, head)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.crier.wake:
		}
	}
}

func (c *Central) head(ctx context.Context) (n uint64, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) { n, err = fleet.Head(tx); return err })
	return n, err
}

func (c *Central) tellFollowers(ctx context.Context, l session.Link, head uint64) {
	for _, by := range c.crier.now() {
		err := c.sessions.Tell(ctx, l, by, wire.Events, wire.EventsBody{Head: head})
		if err != nil && ctx.Err() == nil {
			c.cfg.Log.Debug("events were not told", "operator", by.ID, "err", err)
		}
	}
}

// maxDays is how far back steps are kept.
const maxDays = 400

func (c *Central) fleetSteps(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.StepsBody](raw)
	if err != nil {
		return nil, err
	}
	if b.Days < 1 || b.Days > maxDays {
		return nil, socket.Refuse("days is %d: write 1 to %d", b.Days, maxDays)
	}
	if _, err := c.scopeOf(tx, by, wire.Scope{Site: b.Site}); err != nil {
		return nil, err
	}
	return fleet.Steps(tx, c.cfg.Now(), b.Days, func(site string) bool {
		return by.At(site) && (b.Site == "" || b.Site == site)
	})
}
