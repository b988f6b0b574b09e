// Package root keeps the list of central's keys that an offline root signed.
//
// Its words: the root is a key that is made on a machine of its own and lies
// in a safe; central knows its public half and gives it to each terminal that
// joins. To publish is to hand central a list that the root has signed. The
// first list decides which root it is, for good: terminals believe no other.
package root

import (
	"bytes"
	"errors"
	"fmt"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Published is the newest list, and as it was signed.
type Published struct {
	Root    []byte `json:"root"`
	Version int    `json:"version"`
	Note    []byte `json:"note"`
}

func table() store.Table[Published] { return store.Table[Published]{Name: "keylist"} }

const newest = "newest"

// Find returns the newest list; one without a root when none was published.
func Find(tx store.Tx) (Published, error) {
	p, _, err := table().Find(tx, newest)
	if err != nil {
		return p, fmt.Errorf("reading the list of central's keys: %w", err)
	}
	return p, nil
}

// Propose is the next list, to be signed.
func Propose(tx store.Tx, realm string, own wire.PinnedCentral) (wire.KeyList, error) {
	p, err := Find(tx)
	return wire.KeyList{V: wire.Version, Version: p.Version + 1, Realm: realm, Central: own}, err
}

// Why a list is not published.
var (
	ErrOtherRoot = errors.New("another root has signed it than the one that terminals believe")
	ErrOldList   = errors.New("a list of this version or a higher one is published: sign what \"central root list\" prints")
	ErrOtherKeys = errors.New("it lists other keys, or another realm, than this central has")
)

// Publish takes a signed list.
func Publish(tx store.Tx, raw []byte, realm string, own wire.PinnedCentral) (wire.KeyList, error) {
	claimed, err := wire.PeekRoot(raw)
	if err != nil {
		return wire.KeyList{}, err
	}
	l, err := wire.OpenKeyList(raw, claimed)
	if err != nil {
		return l, err
	}
	before, err := Find(tx)
	switch {
	case err != nil:
		return l, err
	case before.Root != nil && !bytes.Equal(before.Root, l.Root):
		return l, ErrOtherRoot
	case l.Version <= before.Version:
		return l, ErrOldList
	case l.Realm != realm || !l.Central.Equal(own):
		return l, ErrOtherKeys
	}
	return l, table().Put(tx, newest, Published{Root: l.Root, Version: l.Version, Note: raw})
}
