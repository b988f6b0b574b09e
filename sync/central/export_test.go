package central

import (
	"context"
	"maps"
	"slices"

	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
)

// Calls lists the patterns of the office.
func (c *Central) Calls() []string { return slices.Sorted(maps.Keys(c.calls())) }

// Rows counts the rows of tables whose names begin alike.
func (c *Central) Rows(table string) (n int) {
	_ = c.db.View(context.Background(), func(tx store.Tx) error {
		for range tx.Scan(table, "", 0) {
			n++
		}
		return nil
	})
	return n
}

// Store is where central keeps all.
func (c *Central) Store() store.Store { return c.db }

// Hear takes a message as if it came from the broker.
func (c *Central) Hear(ctx context.Context, topic string, note []byte) error {
	_, err := c.sessions.Receive(ctx, topic, note)
	return err
}

// Commands returns what hands commands out over a line, as often as it is
// called.
func (c *Central) Commands(l session.Link) func(context.Context) error {
	d := dispatcher{Central: c, line: l, sent: map[string]string{}}
	return d.look
}

// Seen is what is known of a terminal's being there.
func (c *Central) Seen(id string) session.Seen { return c.sessions.Presence.Of(id) }
