// Package keyring holds central's keys, in a file outside the store.
//
// Its words: a [Use] is what a key is for; every use has one or more versions
// of its key, of which the newest makes new things and the others still open
// old ones; the [Ring] is all of them. A check value of every key is in the
// store, so that a server with other keys does not start: a wrong OPRF key
// would say nothing and lock everybody out.
//
// The package neither rotates keys nor guards the file beyond its mode.
package keyring

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
)

// Use is what a key is for.
type Use string

// The uses. Every key has 32 bytes.
const (
	OPRF     Use = "oprf"     // evaluates blinded answers
	Code     Use = "code"     // derives mailed codes
	Card     Use = "card"     // derives PUKs, and seals the imported ones
	Field    Use = "field"    // seals names and addresses in the store
	Seal     Use = "seal"     // X25519: opens what terminals send
	Note     Use = "note"     // Ed25519 seed: signs what central sends
	Audit    Use = "audit"    // pseudonyms in the audit log
	Proof    Use = "proof"    // nonces for card proofs
	Registry Use = "registry" // derives each site's key for hashed card ids
)

// Uses lists every use.
func Uses() []Use {
	return []Use{OPRF, Code, Card, Field, Seal, Note, Audit, Proof, Registry}
}

// Size of every key, in bytes.
const Size = 32

// ErrNoKey says that the ring lacks a key.
var ErrNoKey = errors.New("no such key in the ring")

// Ring is central's keys. It does not change and never prints them.
type Ring struct {
	keys map[Use][][]byte // version 1 first
}

// Key returns one version of a key; versions count from 1.
func (r *Ring) Key(use Use, version int) ([]byte, error) {
	if version < 1 || version > len(r.keys[use]) {
		return nil, fmt.Errorf("%s key, version %d: %w", use, version, ErrNoKey)
	}
	return r.keys[use][version-1], nil
}

// Newest returns the version and the key that new things are made with.
func (r *Ring) Newest(use Use) (int, []byte) {
	n := len(r.keys[use])
	return n, r.keys[use][n-1] // a ring has every use: see parse
}

// NoteKey is the key that signs central's notes.
func (r *Ring) NoteKey() ed25519.PrivateKey {
	_, seed := r.Newest(Note)
	return ed25519.NewKeyFromSeed(seed)
}

// SealKey is the X25519 private key that opens sealed bodies, raw.
func (r *Ring) SealKey() []byte {
	_, key := r.Newest(Seal)
	return key
}

// RegistryKey is the key of a site's hashed card ids. It derives from the
// first version, for good: the terminals of the site keep hashes made with it.
func (r *Ring) RegistryKey(site string) []byte {
	mac := hmac.New(sha256.New, r.keys[Registry][0])
	fmt.Fprintf(mac, "unlockpoint registry v1\n%s", site)
	return mac.Sum(nil)
}

// ConsoleKey is the key of a terminal's console. It has the root that registry
// keys have, under another name: rings are older than consoles.
func (r *Ring) ConsoleKey(terminal string) []byte {
	mac := hmac.New(sha256.New, r.keys[Registry][0])
	fmt.Fprintf(mac, "unlockpoint console v1\n%s", terminal)
	return mac.Sum(nil)
}

const redacted = "redacted"

// String says only that there is something to hide.
func (*Ring) String() string { return redacted }

// GoString keeps %#v from looking inside.
func (*Ring) GoString() string { return redacted }

// LogValue keeps slog from looking inside.
func (*Ring) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps encoders from looking inside.
func (*Ring) MarshalText() ([]byte, error) { return []byte(redacted), nil }
