// Package registry keeps registrations, and tells each site how its cards
// stand.
//
// Its words: a [Registration] is the public halves of one holder's answers;
// it is pending until its code was right, and live from then until another
// replaces it; the asked questions are those of its questions that an unlock
// asks, central's choice. The feed of a site is the newest state of each of
// its cards, numbered by central in the order of the changes.
//
// The package holds no answer, no name, no address, and in the feed no card
// id but its keyed hash.
package registry

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Registration is one holder's registration.
type Registration struct {
	ID       string    `json:"id"`
	Card     string    `json:"card"`
	Terminal string    `json:"terminal"` // while pending, the one it belongs to
	SealTo   []byte    `json:"seal_to"`  // and the insertion
	Begun    time.Time `json:"begun"`
	Live     bool      `json:"live,omitempty"`

	Salt       []byte     `json:"salt"`
	OPRF       int        `json:"oprf"` // versions that new keys are made with
	Normaliser int        `json:"normaliser"`
	Argon      wire.Argon `json:"argon"`

	Evaluated []int  `json:"evaluated,omitempty"` // questions, once
	Keys      []Key  `json:"keys,omitempty"`
	Asked     []int  `json:"asked,omitempty"`
	Address   []byte `json:"address,omitempty"` // a new one, sealed
	Case      string `json:"case,omitempty"`
}

// Key is the public half of one answer.
type Key struct {
	Form   wire.KeyForm `json:"form"`
	Public []byte       `json:"public"`
}

// Form is how keys of this registration are derived for a question.
func (r Registration) Form(question int) wire.KeyForm {
	return wire.KeyForm{Question: question, Normaliser: r.Normaliser, OPRF: r.OPRF, Argon: r.Argon}
}

// AskedKeys are the keys of the asked questions, in the order to ask.
func (r Registration) AskedKeys() []Key {
	keys := make([]Key, 0, len(r.Asked))
	for _, q := range r.Asked {
		i := slices.IndexFunc(r.Keys, func(k Key) bool { return k.Form.Question == q })
		keys = append(keys, r.Keys[i]) // Choose took it from there
	}
	return keys
}

// Choose picks n of the registration's questions, in random order.
func (r Registration) Choose(n int, random io.Reader) (Registration, error) {
	all := make([]int, 0, len(r.Keys))
	for _, k := range r.Keys {
		all = append(all, k.Form.Question)
	}
	for i := len(all) - 1; i > 0; i-- { // Fisher and Yates
		j, err := below(random, i+1)
		if err != nil {
			return r, fmt.Errorf("choosing questions: %w", err)
		}
		all[i], all[j] = all[j], all[i]
	}
	r.Asked = all[:min(n, len(all))]
	return r, nil
}

// below is a random number under n (at most 256) without bias.
func below(random io.Reader, n int) (int, error) {
	if n > 256 {
		return 0, errors.New("too many questions")
	}
	var b [1]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if int(b[0]) < 256/n*n {
			return int(b[0]) % n, nil
		}
	}
}

// registrations holds every registration that is pending or live.
func registrations() store.Table[Registration] {
	return store.Table[Registration]{Name: "registrations"}
}

// Get returns a registration, or false.
func Get(tx store.Tx, id string) (Registration, bool, error) {
	return registrations().Find(tx, id)
}

// Put keeps a registration.
func Put(tx store.Tx, r Registration) error { return registrations().Put(tx, r.ID, r) }

// Forget removes a registration that was replaced or died.
func Forget(tx store.Tx, id string) error { return registrations().Delete(tx, id) }
