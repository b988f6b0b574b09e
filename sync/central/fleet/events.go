// Package fleet is what central keeps of its terminals beyond who they are:
// what happened, and where people stop.
//
// Its words: an event is something that operators may want to see as it
// happens; a step is a page that was shown to somebody, and the one after it.
// Neither names a person.
//
// The package keeps rows in the transactions it is given; it sends nothing.
package fleet

import (
	"errors"
	"fmt"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// kept is how many events are kept: weeks of a large fleet, and a few MiB.
const kept = 10_000

func events() store.Table[wire.Event] { return store.Table[wire.Event]{Name: "event"} }

func newest() store.Table[uint64] { return store.Table[uint64]{Name: "event-head"} }

func numbered(n uint64) string { return fmt.Sprintf("%020d", n) }

// Head is the number of the newest event.
func Head(tx store.Tx) (uint64, error) {
	n, _, err := newest().Find(tx, "head")
	return n, err
}

// Happened keeps an event and gives it its number.
func Happened(tx store.Tx, e wire.Event) error {
	head, err := Head(tx)
	if err != nil {
		return fmt.Errorf("keeping an event: %w", err)
	}
	e.N = head + 1
	err = errors.Join(events().Put(tx, numbered(e.N), e), newest().Put(tx, "head", e.N))
	if e.N > kept {
		err = errors.Join(err, events().Delete(tx, numbered(e.N-kept)))
	}
	if err != nil {
		return fmt.Errorf("keeping an event: %w", err)
	}
	return nil
}

// Since lists at most limit events with numbers above after, in order.
func Since(tx store.Tx, after uint64, limit int) (list []wire.Event, err error) {
	for row, err := range events().After(tx, "", numbered(after), limit) {
		if err != nil {
			return nil, fmt.Errorf("listing events: %w", err)
		}
		list = append(list, row.Value)
	}
	return list, nil
}
