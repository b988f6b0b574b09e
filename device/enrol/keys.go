package enrol

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"unlockpoint/sync/wire"
)

// Keys are the secret halves of a terminal's keys, made on its first boot.
// They never print themselves.
type Keys struct {
	TLS  []byte `json:"tls"`  // ECDSA P-256, PKCS #8
	Note []byte `json:"note"` // Ed25519 seed
	Seal []byte `json:"seal"` // X25519
}

// String and GoString keep the keys out of logs.
func (Keys) String() string   { return "keys" }
func (Keys) GoString() string { return "keys" }

// KeysFile is where the keys lie until the terminal has its identity, which
// then holds them.
func KeysFile(identity string) string { return identity + ".keys" }

// LoadKeys reads the keys that were made for the identity file, or makes them.
// The same keys are used until the terminal has joined: a reply that got lost
// is given again to them only.
func LoadKeys(identity string) (Keys, error) {
	path := KeysFile(identity)
	k, err := readKeys(path)
	if errors.Is(err, os.ErrNotExist) {
		k, err = makeKeys()
		if err == nil {
			err = k.Save(identity)
		}
	}
	if err != nil {
		return Keys{}, fmt.Errorf("the terminal's keys: %w", err)
	}
	return k, nil
}

func readKeys(path string) (k Keys, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return k, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return k, fmt.Errorf("%s: others may read it; delete it, and new keys are made", path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	if k, err = parseKeys(raw); err != nil {
		return k, fmt.Errorf("%s: delete it, and new keys are made: %w", path, err)
	}
	return k, nil
}

func parseKeys(raw []byte) (k Keys, err error) {
	if err := wire.Decode(raw, &k); err != nil {
		return k, err
	}
	_, _, err = k.public()
	return k, err
}

func makeKeys() (k Keys, err error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return k, err
	}
	if k.TLS, err = x509.MarshalPKCS8PrivateKey(own); err != nil {
		return k, err
	}
	_, note, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return k, err
	}
	seal, err := wire.GenerateSealKey()
	k.Note, k.Seal = note.Seed(), seal.Bytes()
	return k, err
}

// Save keeps the keys for the identity file.
func (k Keys) Save(identity string) error {
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	defer clear(raw)
	return wire.ReplaceFile(KeysFile(identity), raw, 0o600)
}

// signer is the TLS key.
func (k Keys) signer() (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(k.TLS)
	if err != nil {
		return nil, errors.New("the TLS key does not read")
	}
	own, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the TLS key is of another kind")
	}
	return own, nil
}

// public are the public halves of the note and the sealing key.
func (k Keys) public() (note ed25519.PublicKey, seal []byte, err error) {
	if _, err := k.signer(); err != nil {
		return nil, nil, err
	}
	own, err := wire.ParseSealKey(k.Seal)
	if err == nil && len(k.Note) != ed25519.SeedSize {
		err = errors.New("the note key does not read")
	}
	if err != nil {
		return nil, nil, err
	}
	return ed25519.NewKeyFromSeed(k.Note).Public().(ed25519.PublicKey), own.Public(), nil
}

// request asks with the public halves, and signs with the TLS key that it is
// the terminal's own.
func (k Keys) request(name, build string) (wire.EnrolRequest, error) {
	own, err := k.signer()
	if err != nil {
		return wire.EnrolRequest{}, err
	}
	note, seal, err := k.public()
	if err != nil {
		return wire.EnrolRequest{}, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, own)
	return wire.EnrolRequest{V: wire.Version, Name: name, CSR: csr, NoteKey: note, SealKey: seal, Build: build}, err
}
