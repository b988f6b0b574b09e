// Package terminals is central's list of the terminals it believes: who they
// are, where they hang, and their public keys.
//
// Its words: a terminal is added, which makes its keys and its
// [wire.Identity], or joins with keys of its own; it may be put into quarantine when two devices seem to
// hold one identity, and released again; it is retired for good, and its key
// goes with it in the same transaction.
//
// The package does not talk to terminals: see package session.
package terminals

import (
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Terminal is one row of the list.
type Terminal struct {
	ID         string    `json:"id"`
	Site       string    `json:"site"`
	Name       string    `json:"name"`               // as people say it
	NoteKey    []byte    `json:"note_key,omitempty"` // public; none once retired
	SealKey    []byte    `json:"seal_key,omitempty"` // public
	Password   []byte    `json:"password,omitempty"` // of its broker account, sealed; none with certificates
	Added      time.Time `json:"added"`
	Retired    time.Time `json:"retired,omitzero"`
	Quarantine string    `json:"quarantine,omitempty"` // why

	// Certificates are those that were issued to it, the newest last.
	Certificates []authority.Issued `json:"certificates,omitempty"`
}

// ErrUnknown is the answer for a terminal that is not on the list.
var ErrUnknown = errors.New("no such terminal")

func table() store.Table[Terminal] { return store.Table[Terminal]{Name: "terminal"} }

// CertifiedUntil is when the newest of the terminal's certificates ends; zero
// without one.
func (t Terminal) CertifiedUntil() (until time.Time) {
	for _, c := range t.Certificates {
		if c.Ends.After(until) {
			until = c.Ends
		}
	}
	return until
}

// Find returns a terminal, retired ones included, or ErrUnknown.
func Find(tx store.Tx, id string) (Terminal, error) {
	t, there, err := table().Find(tx, id)
	if err != nil {
		return t, fmt.Errorf("finding terminal %s: %w", id, err)
	}
	if !there {
		return t, ErrUnknown
	}
	return t, nil
}

// List returns all terminals by id.
func List(tx store.Tx) (list []Terminal, err error) {
	for row, err := range table().Each(tx, "") {
		if err != nil {
			return nil, fmt.Errorf("listing terminals: %w", err)
		}
		list = append(list, row.Value)
	}
	return list, nil
}

// Serving says whether notes of the terminal are read at all.
func (t Terminal) Serving() bool { return t.Retired.IsZero() }

// Verifier opens the terminal's notes.
func (t Terminal) Verifier() (wire.Verifier, error) { return wire.NewVerifier(t.ID, t.NoteKey) }

// Retire takes a terminal out of service for good, and revokes its
// certificates. Its id is not used again.
func Retire(tx store.Tx, id string, now time.Time) error {
	t, err := Find(tx, id)
	if err != nil {
		return err
	}
	if err := authority.Revoke(tx, t.Certificates); err != nil {
		return err
	}
	return change(tx, id, func(t *Terminal) {
		if t.Serving() {
			*t = Terminal{ID: t.ID, Site: t.Site, Name: t.Name, Added: t.Added, Retired: now}
		}
	})
}

// SetQuarantine puts a terminal into quarantine; the first reason stays.
func SetQuarantine(tx store.Tx, id, why string) error {
	return change(tx, id, func(t *Terminal) {
		if t.Quarantine == "" {
			t.Quarantine = why
		}
	})
}

// Release ends a quarantine.
func Release(tx store.Tx, id string) error {
	return change(tx, id, func(t *Terminal) { t.Quarantine = "" })
}

func change(tx store.Tx, id string, do func(*Terminal)) error {
	t, err := Find(tx, id)
	if err != nil {
		return err
	}
	do(&t)
	return table().Put(tx, id, t)
}
