package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
)

// peopleTable holds the key of each person, sealed, by what central knows them
// by: their card.
const peopleTable = "audit-person"

func people() store.Table[[]byte] { return store.Table[[]byte]{Name: peopleTable} }

// Person is who the entries are about. It can tell a pseudonym and open what
// was sealed for it, as long as nobody has cut it off.
type Person struct{ key []byte }

// Person finds the person of a card, and makes a key for one who is new.
func (l *Log) Person(tx store.Tx, card string) (Person, error) {
	p, known, err := l.Known(tx, card)
	if err != nil || known {
		return p, err
	}
	p.key = make([]byte, keyring.Size)
	rand.Read(p.key) // never fails (Go 1.24)
	sealed, err := l.keys.Seal(keyring.Audit, peopleTable, card, p.key)
	if err != nil {
		return p, err
	}
	return p, people().Put(tx, card, sealed)
}

// Known finds the person of a card; false when no entry is about them.
func (l *Log) Known(tx store.Tx, card string) (Person, bool, error) {
	sealed, ok, err := people().Find(tx, card)
	if err != nil || !ok {
		return Person{}, false, err
	}
	key, err := l.keys.Open(keyring.Audit, peopleTable, card, sealed)
	return Person{key}, err == nil, err
}

// Cut destroys the key of a card's person: whose the entries until now are
// cannot be told any more, and the reasons in them cannot be read.
func (l *Log) Cut(tx store.Tx, card string) error { return people().Delete(tx, card) }

// Name is the pseudonym.
func (p Person) Name() string { return fmt.Sprintf("%x", p.derive("name")[:16]) }

func (p Person) derive(what string) []byte {
	m := hmac.New(sha256.New, p.key)
	m.Write([]byte("unlockpoint audit person v1\n" + what))
	return m.Sum(nil)
}

// Seal closes a reason: people write names into them. It begins with its
// nonce, which is random.
func (p Person) Seal(reason string) ([]byte, error) {
	if reason == "" {
		return nil, nil
	}
	aead, err := chacha20poly1305.NewX(p.derive("reason"))
	if err != nil {
		return nil, fmt.Errorf("sealing a reason: %w", err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(reason)+aead.Overhead())
	rand.Read(nonce) // never fails (Go 1.24)
	return aead.Seal(nonce, nonce, []byte(reason), nil), nil
}

// errReason says that a reason is another person's, or damaged.
var errReason = errors.New("the reason of an audit entry does not open")

// Open reads a reason.
func (p Person) Open(sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	aead, err := chacha20poly1305.NewX(p.derive("reason"))
	if err != nil {
		return "", fmt.Errorf("opening a reason: %w", err)
	}
	if len(sealed) < aead.NonceSize() {
		return "", errReason
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], nil)
	if err != nil {
		return "", errReason
	}
	return string(plain), nil
}
