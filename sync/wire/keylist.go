package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// CentralKeysTopic holds the newest KeyList, retained.
const CentralKeysTopic = root + Central + "/keys"

// rootName is the signer of key lists. The key is nobody's on the network: it
// lies in a safe, and terminals know its public half from when they joined.
const rootName = "root"

// KeyList says which keys central has. It is how a central whose keys were
// lost or stolen gets new ones believed, without a walk to every terminal.
type KeyList struct {
	V       int           `json:"v"`
	Version int           `json:"version"` // counts up; a terminal believes no lower one than it has seen
	Realm   string        `json:"realm"`
	Root    []byte        `json:"root"` // Ed25519, public: whose signature it carries
	Central PinnedCentral `json:"central"`
}

// Sign makes the note of a list: its JSON, an empty line, and the signature,
// as other notes are.
func (l KeyList) Sign(key ed25519.PrivateKey) ([]byte, error) {
	signer, err := NewSigner(rootName, key)
	if err != nil {
		return nil, fmt.Errorf("signing a key list: %w", err)
	}
	l.Root = key.Public().(ed25519.PublicKey)
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("signing a key list: %w", err)
	}
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("signing a key list: %w", err)
	}
	return note.Sign(&note.Note{Text: string(text) + "\n"}, signer.key())
}

// OpenKeyList reads a list that the root has signed.
func OpenKeyList(raw []byte, root ed25519.PublicKey) (l KeyList, err error) {
	if l, err = openKeyList(raw, root); err != nil {
		return KeyList{}, fmt.Errorf("opening a key list: %w", err)
	}
	return l, nil
}

func openKeyList(raw []byte, root ed25519.PublicKey) (l KeyList, err error) {
	if err := threeLines(raw); err != nil {
		return l, err
	}
	v, err := NewVerifier(rootName, root)
	if err != nil {
		return l, err
	}
	n, err := note.Open(raw, note.VerifierList(v.key))
	if err != nil {
		return l, errors.New("not signed by the root")
	}
	if err := Decode([]byte(n.Text), &l); err != nil {
		return l, err
	}
	if !bytes.Equal(l.Root, root) {
		return l, errors.New("it names another root")
	}
	return l, l.check()
}

func (l KeyList) check() error {
	_, noteErr := NewVerifier(l.Central.ID, l.Central.NoteKey)
	switch {
	case l.V != Version:
		return fmt.Errorf("version %d of its form is not known to this program", l.V)
	case l.Version < 1:
		return errors.New("its version is below 1")
	case !ValidRealm(l.Realm):
		return errors.New("its realm is malformed")
	case l.Central.ID != Central || noteErr != nil || len(l.Central.SealKey) != 32:
		return errors.New("central's keys are malformed")
	}
	return nil
}

// PeekRoot is whose signature a list claims to carry, unproved.
func PeekRoot(raw []byte) (ed25519.PublicKey, error) {
	var l KeyList
	text, _, _ := bytes.Cut(raw, []byte("\n"))
	if err := Decode(text, &l); err != nil || len(l.Root) != ed25519.PublicKeySize {
		return nil, errors.New("this is no signed key list")
	}
	return l.Root, nil
}

// Equal says whether two are the same keys.
func (p PinnedCentral) Equal(q PinnedCentral) bool {
	return p.ID == q.ID && bytes.Equal(p.NoteKey, q.NoteKey) && bytes.Equal(p.SealKey, q.SealKey)
}
