package central

import (
	"context"
	"slices"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

const (
	// listsPause is how long a broker may take to read its lists before
	// central hangs up on who is out, and the least between two lists: OpenSSL
	// takes a list of revoked certificates for a newer one by the second.
	listsPause = 2 * time.Second
	// listsRenew is how often the broker gets a fresh certificate, of two
	// years, without being asked.
	listsRenew = 30 * 24 * time.Hour
	// hangUpLimit is how long central tries to hang up on one terminal.
	hangUpLimit = 10 * time.Second
)

// admitted says that it may have changed whom the broker is to let in.
func (c *Central) admitted() { full(c.lists) }

// keepLists tells the broker whom to let in, and hangs up on terminals that
// are retired while it serves.
func (c *Central) keepLists(ctx context.Context, b Broker) error {
	renew := time.NewTicker(listsRenew)
	defer renew.Stop()
	out, first := []string(nil), true
	for {
		access, err := c.Access(ctx)
		if err == nil {
			err = c.cfg.Lists.Let(ctx, access)
		}
		if err != nil && ctx.Err() == nil {
			c.cfg.Log.Error("the broker was not told whom to let in", "err", err)
		}
		if !pause(ctx, listsPause) {
			return nil
		}
		if access.TLS != nil && err == nil {
			if !first {
				c.hangUp(ctx, b, access.TLS.Retired, out)
			}
			out, first = access.TLS.Retired, false
		}
		select {
		case <-ctx.Done():
			return nil
		case <-renew.C:
		case <-c.lists:
		}
	}
}

// pause waits, and says whether there is still something to do.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// hangUp ends the lines of terminals that were retired just now: a broker that
// reads its lists lets them in no more, but need not hang up. Each has one
// client id, which central knows as well, and a broker hangs up on the client
// before when another comes with its id.
func (c *Central) hangUp(ctx context.Context, b Broker, retired, before []string) {
	for _, id := range retired {
		if slices.Contains(before, id) {
			continue
		}
		line := c.lineAs(b, wire.SecretClientID(id, c.ring.ConsoleKey(id)), link.Config{})
		if err := once(ctx, line); err != nil && ctx.Err() == nil {
			c.cfg.Log.Warn("could not hang up on a retired terminal; what it says is ignored all the same", "terminal", id, "err", err)
		}
	}
}

// once connects and leaves.
func once(ctx context.Context, line *link.Session) error {
	ctx, cancel := context.WithTimeout(ctx, hangUpLimit)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- line.Run(ctx) }()
	for up := false; !up && ctx.Err() == nil; {
		select {
		case up = <-line.Up():
		case <-ctx.Done():
		}
	}
	err := ctx.Err()
	cancel()
	<-ended
	return err
}
