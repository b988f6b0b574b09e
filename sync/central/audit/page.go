package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Wanted says which entries somebody may read.
type Wanted func(wire.AuditEntry) bool

// All is every entry.
func All(wire.AuditEntry) bool { return true }

// Lines are at most limit entries that are wanted behind a number, in order; 0
// is no limit.
func (l *Log) Lines(tx store.Tx, after uint64, limit int, want Wanted) (list []wire.AuditLine, err error) {
	for _, text := range raw(tx, after, 0) {
		if list, err = add(list, text, want); err != nil {
			return nil, err
		}
		if len(list) == limit && limit > 0 {
			break
		}
	}
	return list, nil
}

// Newest are the last limit entries that are wanted before a number, in order;
// 0 is the end of the log.
func (l *Log) Newest(tx store.Tx, before uint64, limit int, want Wanted) (list []wire.AuditLine, err error) {
	head, _, err := l.Head(tx)
	if err != nil {
		return nil, err
	}
	if before == 0 || before > head.Seq {
		before = head.Seq + 1
	}
	for seq := before - 1; seq > 0 && len(list) < limit; seq-- {
		text, err := tx.Get(place(seq))
		if err != nil {
			return nil, fmt.Errorf("reading an audit entry: %w", err)
		}
		if list, err = add(list, text, want); err != nil {
			return nil, err
		}
	}
	slices.Reverse(list)
	return list, nil
}

// add makes a line of an entry that is wanted.
func add(list []wire.AuditLine, text []byte, want Wanted) ([]wire.AuditLine, error) {
	e, err := read(text)
	if err != nil || !want(e) {
		return list, err
	}
	return append(list, wire.AuditLine{Hash: hex.EncodeToString(text[:sha256.Size]), Entry: slices.Clone(text[sha256.Size:])}), nil
}
