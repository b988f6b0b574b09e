package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/note"
)

// A note on the wire is three lines in the form of C2SP signed-note: the
// envelope as JSON, an empty line, and one signature line. More signatures
// are refused, known or not: nobody on the way may add to a note, and a kind
// that needs two persons will say so in its Rule.
const noteLines = 3

// signerName is the key name in a signature line.
func signerName(id string) string { return "unlockpoint/" + id }

// Signer signs the notes of one sender. It never prints its key.
type Signer struct {
	name string
	key  func() *signingKey
}

// signingKey implements note.Signer. The library's own keeps the private key
// in a string.
type signingKey struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
}

var _ note.Signer = (*signingKey)(nil)

func (k *signingKey) Name() string                     { return k.name }
func (k *signingKey) KeyHash() uint32                  { return k.hash }
func (k *signingKey) Sign(text []byte) ([]byte, error) { return ed25519.Sign(k.key, text), nil }

// NewSigner makes the signer of the sender id.
func NewSigner(id string, key ed25519.PrivateKey) (Signer, error) {
	if len(key) != ed25519.PrivateKeySize {
		return Signer{}, errors.New("making a signer: not an ed25519 key")
	}
	v, err := NewVerifier(id, key.Public().(ed25519.PublicKey))
	if err != nil {
		return Signer{}, fmt.Errorf("making a signer: %w", err)
	}
	own := &signingKey{v.key.Name(), v.key.KeyHash(), key}
	return Signer{own.name, func() *signingKey { return own }}, nil
}

// newSeedSigner makes a signer that works out its key when it first signs: that
// takes a moment on a small board, and nobody is to wait for it at a start.
func newSeedSigner(id string, seed []byte) (Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return Signer{}, errors.New("making a signer: not an ed25519 seed")
	}
	if !ValidID(id) {
		return Signer{}, errors.New("making a signer: malformed id")
	}
	seed = bytes.Clone(seed)
	return Signer{signerName(id), sync.OnceValue(func() *signingKey {
		s, err := NewSigner(id, ed25519.NewKeyFromSeed(seed))
		if err != nil {
			panic(err) // id and seed were looked at
		}
		return s.key()
	})}, nil
}

// String and GoString keep the key out of logs.
func (s Signer) String() string   { return "signer" }
func (s Signer) GoString() string { return "signer" }

// Sign makes the note. The envelope must pass Check and come from the
// signer; its version is filled in. The same envelope gives the same bytes.
func (s Signer) Sign(e Envelope) ([]byte, error) {
	e.V = Version
	if s.key == nil || s.name != signerName(e.From) {
		return nil, fmt.Errorf("signing a note: %q is somebody else", e.From)
	}
	if err := e.Check(); err != nil {
		return nil, fmt.Errorf("signing a note: %w", err)
	}
	text, err := json.Marshal(e) // compacts Body to one line, too
	if err != nil {
		return nil, fmt.Errorf("signing a note: %w", err)
	}
	raw, err := note.Sign(&note.Note{Text: string(text) + "\n"}, s.key())
	if err != nil {
		return nil, fmt.Errorf("signing a note: %w", err)
	}
	if len(raw) > MaxNote {
		return nil, fmt.Errorf("signing a note: %d bytes are too many", len(raw))
	}
	return raw, nil
}

// Verifier checks the notes of exactly one sender.
type Verifier struct {
	id  string
	key note.Verifier
}

// NewVerifier makes the verifier of the sender id.
func NewVerifier(id string, key ed25519.PublicKey) (Verifier, error) {
	if !ValidID(id) {
		return Verifier{}, errors.New("making a verifier: malformed id")
	}
	text, err := note.NewEd25519VerifierKey(signerName(id), key)
	if err != nil {
		return Verifier{}, fmt.Errorf("making a verifier: %w", err)
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return Verifier{}, fmt.Errorf("making a verifier: %w", err)
	}
	return Verifier{id, v}, nil
}

// Open returns the envelope of a note that this sender alone has signed, that
// says so itself, that is addressed to to, and that passes Check. Whether it
// was seen before is the caller's question. A sealed body is still sealed.
func (v Verifier) Open(raw []byte, to string) (Envelope, error) {
	e, err := v.open(raw)
	if err != nil {
		return Envelope{}, fmt.Errorf("opening a note: %w", err)
	}
	if e.From != v.id {
		return Envelope{}, errors.New("opening a note: from is not its signer")
	}
	if e.To != to {
		return Envelope{}, errors.New("opening a note: addressed to somebody else")
	}
	return e, nil
}

func (v Verifier) open(raw []byte) (Envelope, error) {
	if err := threeLines(raw); err != nil {
		return Envelope{}, err
	}
	if v.key == nil {
		return Envelope{}, errors.New("verifier without a key")
	}
	// One verifier in the list: with everybody's, a note from b signed by a
	// would be taken.
	n, err := note.Open(raw, note.VerifierList(v.key))
	if err != nil {
		return Envelope{}, errors.New("not signed by its sender")
	}
	return envelope([]byte(n.Text))
}

// Peek returns the header of a note without verifying anything: only to find
// the sender's verifier. Bodies are left out.
func Peek(raw []byte) (Envelope, error) {
	if err := threeLines(raw); err != nil {
		return Envelope{}, fmt.Errorf("peeking into a note: %w", err)
	}
	text, _, _ := bytes.Cut(raw, []byte("\n"))
	e, err := envelope(text)
	if err != nil {
		return Envelope{}, fmt.Errorf("peeking into a note: %w", err)
	}
	e.Body, e.Sealed = nil, nil
	return e, nil
}

// Text is the signed line of a note with its line end: what a store of
// replies compares. It is empty for what is no note.
func Text(raw []byte) []byte {
	text, _, found := bytes.Cut(raw, []byte("\n\n"))
	if !found {
		return nil
	}
	return raw[:len(text)+1]
}

func threeLines(raw []byte) error {
	if len(raw) > MaxNote {
		return errors.New("too large")
	}
	lines := bytes.Split(raw, []byte("\n"))
	if len(lines) != noteLines+1 || len(lines[0]) == 0 || len(lines[1]) != 0 || len(lines[3]) != 0 {
		return errors.New("not a line, an empty line and one signature")
	}
	if bytes.ContainsAny(lines[0], "\t\r") {
		return errors.New("more than spaces between its words")
	}
	return nil
}

func envelope(text []byte) (Envelope, error) {
	var e Envelope
	if err := Decode(text, &e); err != nil {
		return Envelope{}, err
	}
	if err := e.Check(); err != nil {
		return Envelope{}, err
	}
	return e, nil
}
