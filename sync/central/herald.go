package central

import (
	"context"
	"time"

	"unlockpoint/sync/central/session"
	"unlockpoint/sync/link"
)

// herald tells sites of their changes, and everything again when the link
// comes up: the broker may be another one.
func (c *Central) herald(ctx context.Context, line *link.Session) error {
	h := c.sessions.NewHerald()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	complaint, keys := "", 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case up := <-line.Up():
			c.linkUp.Store(up)
			if up {
				c.links.Add(1)
				full(c.errands)
			} else {
				c.sessions.Presence.Doubt()
			}
			c.cfg.Log.Info("link to the broker", "up", up)
			h.Forget()
			complaint, keys = "", 0
		case <-look.C:
			complaint = c.complain(line.Err(), complaint)
			continue
		case <-c.changed:
		}
		if c.linkUp.Load() {
			keys = c.tellKeys(ctx, line, keys)
			c.tell(ctx, h, line)
		}
	}
}

// lookEvery is how often a link that is down is looked at for the reason.
const lookEvery = 5 * time.Second

// complain logs why the link is down, each reason once.
func (c *Central) complain(why error, before string) string {
	if c.linkUp.Load() || why == nil || why.Error() == before {
		return before
	}
	c.cfg.Log.Warn("link to the broker is down", "err", why)
	return why.Error()
}

// tell tells every site how new its registry is. Central is ready once it
// has done so for the first time.
func (c *Central) tell(ctx context.Context, h *session.Herald, line *link.Session) {
	var ids []string
	for _, s := range c.cfg.Sites {
		ids = append(ids, s.ID)
	}
	if err := h.Tell(ctx, line, ids); err != nil && ctx.Err() == nil {
		c.cfg.Log.Warn("a site was not told", "err", err)
	}
	c.readyOnce.Do(func() { close(c.ready) })
}
