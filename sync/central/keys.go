package central

import (
	"context"
	"fmt"
	"net/http"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/root"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/link"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// listKeys answers with central's keys as the root is to sign them.
func (c *Central) listKeys(r *http.Request, _ []byte) (any, error) {
	own, err := terminals.Pinned(c.ring)
	if err != nil {
		return nil, err
	}
	var l wire.KeyList
	err = c.db.View(r.Context(), func(tx store.Tx) (err error) {
		l, err = root.Propose(tx, c.cfg.Realm, own)
		return err
	})
	return l, err
}

// publishKeys takes the signed list.
func (c *Central) publishKeys(r *http.Request, raw []byte) (any, error) {
	l, err := c.PublishKeys(r.Context(), raw)
	if err != nil {
		return nil, socket.Refuse("%v", err)
	}
	return l, nil
}

// PublishKeys has terminals believe the keys of a list that the root signed.
func (c *Central) PublishKeys(ctx context.Context, raw []byte) (l wire.KeyList, err error) {
	own, err := terminals.Pinned(c.ring)
	if err != nil {
		return l, err
	}
	err = c.db.Update(ctx, func(tx store.Tx) (err error) {
		if l, err = root.Publish(tx, raw, c.cfg.Realm, own); err != nil {
			return err
		}
		return c.noted(tx, audit.KeysPublished, "", fmt.Sprintf("version %d", l.Version))
	})
	full(c.changed)
	return l, err
}

// tellKeys publishes the newest list, retained, if it is newer than the one
// that was told, and returns which one is told now.
func (c *Central) tellKeys(ctx context.Context, line *link.Session, told int) int {
	var p root.Published
	err := c.db.View(ctx, func(tx store.Tx) (err error) { p, err = root.Find(tx); return err })
	if err == nil && p.Version > told {
		err = line.Publish(ctx, wire.CentralKeysTopic, p.Note, true)
	}
	if err != nil {
		if ctx.Err() == nil {
			c.cfg.Log.Warn("the list of central's keys was not published", "err", err)
		}
		return told
	}
	return p.Version
}
