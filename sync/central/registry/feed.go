package registry

import (
	"fmt"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// pageSize keeps a page far below the largest note: 100 changes of about 300
// bytes, sealed and in base64, come to 40 KB of 64.
const pageSize = 100

// The feed: changes by site and number, where a card's newest one is, and the
// newest number of each site.
func changes() store.Table[wire.RegistryChange] {
	return store.Table[wire.RegistryChange]{Name: "feed"}
}
func newest() store.Table[uint64] { return store.Table[uint64]{Name: "feed-card"} }
func heads() store.Table[uint64]  { return store.Table[uint64]{Name: "feed-head"} }

// epochs of the feeds, by site; a site's first has no name.
func epochs() store.Table[string] { return store.Table[string]{Name: "feed-epoch"} }

func number(site string, n uint64) string { return fmt.Sprintf("%s/%020d", site, n) }

// Tell adds a change to a site's feed, in place of the card's last one.
// Number is given here.
func Tell(tx store.Tx, site string, c wire.RegistryChange) error {
	head, err := Head(tx, site)
	if err != nil {
		return err
	}
	c.Number = head + 1
	card := site + "/" + c.Card
	before, known, err := newest().Find(tx, card)
	if err != nil {
		return err
	}
	if known {
		if err := changes().Delete(tx, number(site, before)); err != nil {
			return err
		}
	}
	if err := changes().Put(tx, number(site, c.Number), c); err != nil {
		return err
	}
	if err := newest().Put(tx, card, c.Number); err != nil {
		return err
	}
	return heads().Put(tx, site, c.Number)
}

// Head is the newest change number of a site, 0 when there was none.
func Head(tx store.Tx, site string) (uint64, error) {
	head, _, err := heads().Find(tx, site)
	return head, err
}

// Restored begins another epoch of a site's feed for who shows, in the epoch
// that they know, that they were told more than the store remembers: it is a
// backup. Its numbers will stand for other changes than before.
func Restored(tx store.Tx, site, known string) error {
	epoch, _, err := epochs().Find(tx, site)
	if err != nil || epoch != known {
		return err // who knows another has yet to hear of this one
	}
	return epochs().Put(tx, site, wire.NewID())
}

// Page is the next changes of a site, in order. Who asks for more than there
// is shows that the store is a backup.
func Page(tx store.Tx, site string, ask wire.RegistryPageBody) (page wire.RegistryPageReply, err error) {
	if page.Head, err = Head(tx, site); err == nil && ask.After > page.Head {
		err = Restored(tx, site, ask.Epoch)
	}
	if err != nil {
		return page, err
	}
	if page.Epoch, _, err = epochs().Find(tx, site); err != nil {
		return page, err
	}
	if page.Epoch != ask.Epoch {
		ask.After = 0
	}
	for row, err := range changes().After(tx, site+"/", number(site, ask.After), pageSize+1) {
		if err != nil {
			return wire.RegistryPageReply{}, err
		}
		if len(page.Changes) == pageSize {
			page.More = true
			break
		}
		page.Changes = append(page.Changes, row.Value)
	}
	return page, nil
}
