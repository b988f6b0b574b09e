package wire

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// SealKey opens what was sealed to its public half (HPKE, RFC 9180: X25519,
// HKDF-SHA256, ChaCha20-Poly1305). It never prints itself.
type SealKey struct{ key *secretKey }

// secretKey sits behind a pointer so that fmt has nothing to print.
type secretKey struct {
	private hpke.PrivateKey
	public  []byte
}

// GenerateSealKey makes a fresh key.
func GenerateSealKey() (SealKey, error) {
	private, err := hpke.DHKEM(ecdh.X25519()).GenerateKey()
	if err != nil {
		return SealKey{}, fmt.Errorf("making a sealing key: %w", err)
	}
	return SealKey{&secretKey{private, private.PublicKey().Bytes()}}, nil
}

// ParseSealKey is the reverse of Bytes.
func ParseSealKey(raw []byte) (SealKey, error) {
	private, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(raw)
	if err != nil {
		return SealKey{}, errors.New("reading a sealing key: malformed")
	}
	return SealKey{&secretKey{private, private.PublicKey().Bytes()}}, nil
}

// Bytes is the private half, 32 bytes; nil of the zero SealKey.
func (k SealKey) Bytes() []byte {
	if k.key == nil {
		return nil
	}
	raw, err := k.key.private.Bytes()
	if err != nil {
		return nil // only keys held in hardware have no bytes
	}
	return raw
}

// Public is the half to seal to, 32 bytes; nil of the zero SealKey.
func (k SealKey) Public() []byte {
	if k.key == nil {
		return nil
	}
	return append([]byte(nil), k.key.public...)
}

// Kid names the key.
func (k SealKey) Kid() string { return Kid(k.Public()) }

// IsZero reports whether there is no key.
func (k SealKey) IsZero() bool { return k.key == nil }

// String and GoString keep the key out of logs.
func (k SealKey) String() string   { return "sealing key " + k.Kid() }
func (k SealKey) GoString() string { return k.String() }

// Kid names a public key: the first 16 hex digits of its SHA-256.
func Kid(public []byte) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// Seal seals plain to a public key, bound to realm, kind, id, from, to and
// key, so that it opens in no other note. The envelope needs these fields.
func Seal(public []byte, realm string, e Envelope, plain []byte) (*Sealed, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, errors.New("sealing a body: not a public key")
	}
	kid := Kid(public)
	data, err := hpke.Seal(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info(realm, e, kid), plain)
	if err != nil {
		return nil, fmt.Errorf("sealing a body: %w", err)
	}
	return &Sealed{Kid: kid, Data: data}, nil
}

// Unseal opens what Seal sealed to this key for this envelope in this realm.
func (k SealKey) Unseal(realm string, e Envelope, s Sealed) ([]byte, error) {
	if k.key == nil || s.Kid != k.Kid() {
		return nil, errors.New("unsealing a body: sealed to another key")
	}
	plain, err := hpke.Open(k.key.private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info(realm, e, s.Kid), s.Data)
	if err != nil {
		return nil, errors.New("unsealing a body: not sealed for this note")
	}
	return plain, nil
}

// info is the context of a sealed body. One-shot HPKE takes no further data,
// so the note's header is bound in here. None of the parts has a newline.
func info(realm string, e Envelope, kid string) []byte {
	return []byte(strings.Join([]string{realm, string(e.Kind), e.ID, e.From, e.To, kid}, "\n"))
}
