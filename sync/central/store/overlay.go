package store

import (
	"cmp"
	"slices"
	"strings"
)

// overlay is what the transactions of one batch have written, on top of the
// snapshot that the batch began with. A nil value is a deletion.
type overlay struct {
	writes map[string][]byte
	undo   map[string]change // by the keys that the transaction under way wrote
	size   int               // of the transaction under way, by weight
}

// change is how a key stood in the overlay before it was written.
type change struct {
	value []byte
	was   bool
}

// begin starts a transaction in the batch.
func (o *overlay) begin() { o.undo, o.size = map[string]change{}, 0 }

// set writes a key. However often a transaction writes the same, it counts
// once.
func (o *overlay) set(key string, value []byte) {
	before, was := o.writes[key]
	if _, again := o.undo[key]; again {
		o.size -= weight(key, before)
	} else {
		o.undo[key] = change{before, was}
	}
	o.size += weight(key, value)
	o.writes[key] = value
}

// weight is how many bytes a write takes of a commit, at most: Badger adds 12
// to each for its version and flags (checkSize in its txn.go).
func weight(key string, value []byte) int { return len(key) + header + len(value) + 12 }

// drop takes back what the transaction under way has written.
func (o *overlay) drop() {
	for key, c := range o.undo {
		if c.was {
			o.writes[key] = c.value
		} else {
			delete(o.writes, key)
		}
	}
	o.begin()
}

// entry is a key with what the overlay says of it.
type entry struct {
	key   string
	value []byte
}

// under lists the overlay's entries with the prefix behind after, in order.
func (o *overlay) under(prefix, after string) []entry {
	var list []entry
	for k, v := range o.writes {
		if strings.HasPrefix(k, prefix) && k > after {
			list = append(list, entry{k, v})
		}
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return list
}
