// Package reader says what a smartcard reader and a smartcard are to the rest
// of the terminal.
//
// Its words: a [Slot] is a place for one card; a [Link] is the powered session
// with the card that is in it, held exclusively; a [Card] is that card behind
// its profile (PIV, GIDS and others), with the few things the terminal does
// with a card; its key is whatever unblocks it. Slots come from package pcsc
// (real readers) or simcard (virtual cards in the same process); profiles live
// in packages of their own, and package profiles finds the one that fits.
//
// Nothing here knows of registrations, servers or pages.
package reader

import (
	"context"
	"errors"
	"time"
)

// Presence is what a slot reports whenever it changes.
type Presence struct {
	Reader     string // the reader's name; empty when no reader is there
	Unapproved bool   // the only readers there are not approved; Reader names one
	Card       bool   // a card is in
	Mute       bool   // a card is in but gives no answer to reset
	Insertion  uint32 // counts insertions; another number means another card may be in
}

// Slot is a place for one card.
type Slot interface {
	// Watch sends the slot's presence now and at every change, the newest
	// one winning, until ctx ends; then it closes the channel.
	Watch(ctx context.Context) <-chan Presence
	// Open powers the card and holds it exclusively.
	// It returns ErrNoCard, ErrNoReader, ErrMute or ErrInUse where they fit.
	Open(ctx context.Context) (Link, error)
}

// Link is an exclusive powered session with one card. Close resets the card,
// so that nothing stays verified for the next user.
type Link interface {
	// Transmit sends one command APDU and returns the whole response with
	// its status word. GET RESPONSE is the caller's business.
	// It returns ErrCardGone when the card was taken, ErrCardReset when
	// somebody else reset it.
	Transmit(ctx context.Context, apdu []byte) ([]byte, error)
	Insertion() uint32
	ATR() []byte
	Close() error
}

// What can be wrong with readers and cards. Foreign codes are turned into
// these at the edge.
var (
	ErrNoReader    = errors.New("no card reader")
	ErrNoCard      = errors.New("no card in the reader")
	ErrMute        = errors.New("the card does not answer: it may be upside down or dirty")
	ErrInUse       = errors.New("the card is in use by another program")
	ErrCardGone    = errors.New("the card was taken out")
	ErrCardReset   = errors.New("the card was reset by another program")
	ErrUnknownCard = errors.New("no profile fits this card")
	ErrUnsupported = errors.New("a card of a kind that is not served here")
	ErrNoProof     = errors.New("the card cannot prove itself")
	ErrFixedPUK    = errors.New("the card cannot change its PUK")
)

// Unknown stands for a counter that the card does not tell.
const Unknown = -1

// Info is what a card says about itself, without anybody's passcode.
type Info struct {
	Profile   string // "piv"
	ID        string // "piv:" and hex: the id central knows the card by
	Rule      Rule
	Tries     int // passcode tries left, 0 when blocked
	PUKTries  int // of the key; Unknown where it cannot be read without spending one
	NotBefore time.Time
	NotAfter  time.Time // of the log-in certificate; zero when there is none
	Proves    bool      // the card can prove itself at any time: see Proof.Signature
	Asks      bool      // the key stays at the server, which answers the card: see Proof.Challenge
	Rotates   bool      // the card can change its PUK
	Factory   bool      // the card says that its key is still the factory's
}

// Rule is the card's own rule for passcodes; policy may narrow it.
type Rule struct {
	Min, Max int
	Digits   bool
}

// Result says how a command that tests a secret ended.
type Result int

// The ends of such a command. Refused means that the secret was right and the
// new value broke the card's rule: nothing was changed and no try was spent.
const (
	OK Result = iota
	Wrong
	Blocked
	Refused
)

// Outcome of a command that tests a secret. Tries is what is left of the
// tested counter, Unknown if the card did not say. Half is the card's own part
// of a mutual exchange, for the server to check; nil for cards without one.
type Outcome struct {
	Result Result
	Tries  int
	Half   []byte
}

// PadCard is a Card as well when its passcode can be typed at keys that the
// reader has itself: it is digits only. Its methods return ErrNoPad where the
// reader has no such keys; after an error of the keys no try was spent.
type PadCard interface {
	VerifyAtPad(ctx context.Context) (Outcome, error)
	// ChangeAtPad has both passcodes typed, the new one twice. The reader
	// holds both to the rule's lengths, and to nothing else.
	ChangeAtPad(ctx context.Context, rule Rule) (Outcome, error)
}

// Proof is what a card says to a server's digest: a signature, with the
// certificate that vouches for its key (X.509, DER), or a challenge of its
// own, which only the holder of the card's key can answer.
type Proof struct {
	Certificate []byte
	Signature   []byte
	Challenge   []byte
}

// Card is a card behind its profile. An error means that the outcome is
// unknown: read the state again before anything else. Secrets passed in are
// not kept.
type Card interface {
	Info(ctx context.Context) (Info, error)
	Tries(ctx context.Context) (int, error)
	Verify(ctx context.Context, passcode []byte) (Outcome, error)
	Change(ctx context.Context, old, new []byte) (Outcome, error)
	// Prove puts a 32-byte digest to the card and returns what it says, or
	// ErrNoProof. Where Info.Asks, the answer to the challenge is the key for
	// Unblock, under the same Link and with nothing else sent in between.
	Prove(ctx context.Context, digest [32]byte) (Proof, error)
	// Unblock sets a new passcode with the card's key. Outcome.Tries is the
	// key's.
	Unblock(ctx context.Context, key, passcode []byte) (Outcome, error)
	// ChangePUK replaces the PUK, or returns ErrFixedPUK where Info.Rotates
	// is false.
	ChangePUK(ctx context.Context, old, new []byte) (Outcome, error)
}
