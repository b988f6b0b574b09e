package central

import (
	"context"
	"maps"
	"slices"

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
