// Package mail is central's outgoing mail: the letters that tell a holder a
// code, or that something happened to their card.
//
// Its words: a [Letter] is a row of the store, written by [Put] in the same
// transaction as its cause, so that there is never a code without its mail or
// a mail without its cause. The letter does not hold the code, and holds the
// address only sealed: a [Composer] makes the [Message] at the moment of
// sending. The [Worker] sends, through a [Sender], and keeps what the mail
// server said: [StateOf] is what a waiting person is told.
//
// The package does not decide who is written to or why, takes no mail in, and
// never logs an address or a code.
package mail

import (
	"errors"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Kind of letter.
type Kind string

// The kinds.
const (
	RegisterCode   Kind = "register-code"
	UnlockCode     Kind = "unlock-code"
	AttemptFailed  Kind = "attempt-failed"
	Registered     Kind = "registered"
	Unlocked       Kind = "unlocked"
	AddressChanged Kind = "address-changed" // one to the old address, one to the new
	Frozen         Kind = "frozen"
	Unfrozen       Kind = "unfrozen"
	Released       Kind = "released"    // a lockout
	Assisted       Kind = "assisted"    // the IT booth gave out a code
	Removed        Kind = "removed"     // the registration
	AddressSet     Kind = "address-set" // where there was none
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{RegisterCode, UnlockCode, AttemptFailed, Registered, Unlocked, AddressChanged, AddressSet,
		Frozen, Unfrozen, Released, Assisted, Removed}
}

// Letter is one mail to be sent. Its key is unique for ever, for a code
// "<case>/<send>": putting it twice writes one letter.
type Letter struct {
	Key   string    `json:"key"`
	Kind  Kind      `json:"kind"`
	Card  string    `json:"card"`
	Case  string    `json:"case,omitempty"`
	Send  int       `json:"send,omitempty"`
	To    []byte    `json:"to,omitempty"`    // the address, sealed by who put the letter
	About string    `json:"about,omitempty"` // whatever else the composer needs
	At    time.Time `json:"at"`              // when its cause happened
	Until time.Time `json:"until,omitzero"`  // not sent after this; zero: the queue's own patience
	Brief bool      `json:"brief,omitempty"` // nothing is kept of it once it is out or given up
}

// Message is what a letter says. Which fields count depends on the kind.
type Message struct {
	Kind         Kind
	To           string // one plain address
	Name         string // the holder's, to greet
	Code         string
	Minutes      int       // how long the code is still valid
	Terminal     string    // where it happened, as people call it
	Site         wire.Site // the place, with its IT booth
	At           time.Time
	AttemptsLeft int
	Address      string // the new address, masked
	Freeze       string // link that stops self-service for the card; may be empty
}

// ErrNotWanted is a composer's answer for a letter that should not go out any
// more: its case has ended.
var ErrNotWanted = errors.New("the letter is not wanted any more")

// Composer makes messages of letters, and hears what became of them.
type Composer interface {
	// Compose reads what the letter is about. ErrNotWanted drops the letter.
	Compose(tx store.Tx, l Letter) (Message, error)

	// Went hears, in the transaction that keeps it, what became of a letter
	// whenever that changes.
	Went(tx store.Tx, l Letter, f Fate) error
}
