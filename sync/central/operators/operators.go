// Package operators is central's list of the people who look after terminals
// and cards: who they are, what they may do and where, and their public keys.
//
// Its words: an operator is added, which makes their keys and their
// [wire.Badge], and removed, which takes the keys off the list in the same
// transaction. What a role may do is in package wire.
package operators

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Operator is one row of the list.
type Operator struct {
	ID       string    `json:"id"`
	Role     wire.Role `json:"role"`
	Sites    []string  `json:"sites,omitempty"`    // where they may act; none: everywhere
	Card     string    `json:"card,omitempty"`     // their own, on which they do nothing; empty: none
	NoteKey  []byte    `json:"note_key,omitempty"` // public
	SealKey  []byte    `json:"seal_key,omitempty"` // public
	Password []byte    `json:"password,omitempty"` // of their broker account, sealed
	Added    time.Time `json:"added"`

	Certificates []authority.Issued `json:"certificates,omitempty"` // instead of a password

	Note []byte `json:"-"` // the signed one by which they ask for something now; none on central's pages
}

// ErrUnknown is the answer for an operator that is not on the list.
var ErrUnknown = errors.New("no such operator")

func table() store.Table[Operator] { return store.Table[Operator]{Name: "operator"} }

// Find returns an operator, or ErrUnknown.
func Find(tx store.Tx, id string) (Operator, error) {
	o, there, err := table().Find(tx, id)
	if err != nil {
		return o, fmt.Errorf("finding operator %s: %w", id, err)
	}
	if !there {
		return o, ErrUnknown
	}
	return o, nil
}

// List returns all operators by id.
func List(tx store.Tx) (list []Operator, err error) {
	for row, err := range table().Each(tx, "") {
		if err != nil {
			return nil, fmt.Errorf("listing operators: %w", err)
		}
		list = append(list, row.Value)
	}
	return list, nil
}

// Remove takes an operator off the list and revokes their certificates: nothing they sign counts any more.
func Remove(tx store.Tx, id string) error {
	o, err := Find(tx, id)
	if err != nil {
		return err
	}
	if err := authority.Revoke(tx, o.Certificates); err != nil {
		return err
	}
	return table().Delete(tx, id)
}

// At says whether the operator may act at a site.
func (o Operator) At(site string) bool { return len(o.Sites) == 0 || slices.Contains(o.Sites, site) }

// Verifier opens the operator's notes.
func (o Operator) Verifier() (wire.Verifier, error) { return wire.NewVerifier(o.ID, o.NoteKey) }
