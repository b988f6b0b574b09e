package keyring

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// ErrUnsealed says that a sealed field does not open: another key, another
// place, or damage.
var ErrUnsealed = errors.New("the sealed field does not open")

// Seal encrypts a field of the store with the newest key of the use, bound to
// the table and the key of its row: ChaCha20-Poly1305 with a random nonce,
// which is safe for far more fields than a store has (2^32 a key, NIST SP
// 800-38D 8.3). The result is the version (2 bytes), the nonce, the text.
func (r *Ring) Seal(use Use, table, key string, plain []byte) ([]byte, error) {
	version, k := r.Newest(use)
	aead, err := chacha20poly1305.New(k)
	if err != nil {
		return nil, fmt.Errorf("sealing a field: %w", err)
	}
	out := binary.BigEndian.AppendUint16(nil, uint16(version))
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails (Go 1.24)
	out = append(out, nonce...)
	return aead.Seal(out, nonce, plain, place(use, table, key)), nil
}

// Open decrypts what Seal made for the same use, table and key.
func (r *Ring) Open(use Use, table, key string, sealed []byte) ([]byte, error) {
	const head = 2 + chacha20poly1305.NonceSize
	if len(sealed) < head {
		return nil, ErrUnsealed
	}
	k, err := r.Key(use, int(binary.BigEndian.Uint16(sealed)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsealed, err)
	}
	aead, err := chacha20poly1305.New(k)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsealed, err)
	}
	plain, err := aead.Open(nil, sealed[2:head], sealed[head:], place(use, table, key))
	if err != nil {
		return nil, ErrUnsealed
	}
	return plain, nil
}

// place is the additional data: each part with its length before it.
func place(use Use, table, key string) []byte {
	var out []byte
	for _, part := range []string{"unlockpoint field v1", string(use), table, key} {
		out = binary.BigEndian.AppendUint16(out, uint16(len(part)))
		out = append(out, part...)
	}
	return out
}
