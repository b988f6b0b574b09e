package piv

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// ErrProof says that a proof does not prove what it should.
var ErrProof = errors.New("the proof of the card does not hold")

// VerifyProof checks that a card of the given authorities signed the digest
// with its card authentication key, and returns the card's id. The
// certificate has to be in force, meant for that key alone, and name a card.
func VerifyProof(proof reader.Proof, digest [32]byte, roots *x509.CertPool, now time.Time) (cardID string, err error) {
	if roots == nil { // which Verify would take as the system's
		return "", fmt.Errorf("%w: no authority configured", ErrProof)
	}
	certificate, err := x509.ParseCertificate(proof.Certificate)
	if err != nil {
		return "", fmt.Errorf("%w: certificate %w", ErrProof, iso7816.ErrMalformed)
	}
	_, err = certificate.Verify(x509.VerifyOptions{
		Roots:       roots,
		CurrentTime: now,
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, // Go has no name for ours: checked below
	})
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrProof, err)
	}
	// Without this a certificate of the holder's signature key would do,
	// and documents the holder signs would be proofs.
	if !slices.ContainsFunc(certificate.UnknownExtKeyUsage, oidCardAuth.Equal) {
		return "", fmt.Errorf("%w: not a card authentication certificate", ErrProof)
	}
	if !signed(certificate.PublicKey, digest, proof.Signature) {
		return "", fmt.Errorf("%w: signature", ErrProof)
	}
	return cardOf(certificate)
}

func signed(key crypto.PublicKey, digest [32]byte, signature []byte) bool {
	if _, ok := algorithmOf(key); !ok {
		return false
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, digest[:], signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, digest[:], signature) == nil
	}
	return false
}

const rsa2048Size = 256

// sha256Info starts the DigestInfo of a SHA-256 digest, RFC 8017, 9.2.
const sha256Info = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"

// padRSA encodes the digest for a key that only raises to a power, as RSA keys
// of PIV cards do (EMSA-PKCS1-v1_5, RFC 8017, 9.2).
func padRSA(digest [32]byte) []byte {
	block := make([]byte, rsa2048Size)
	info := len(block) - len(sha256Info) - len(digest)
	block[1] = 0x01
	for i := 2; i < info-1; i++ {
		block[i] = 0xFF
	}
	copy(block[info:], sha256Info)
	copy(block[info+len(sha256Info):], digest[:])
	return block
}
