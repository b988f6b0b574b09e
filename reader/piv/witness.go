package piv

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// witness is the card authentication key as far as the outside sees it.
type witness struct {
	certificate *x509.Certificate
	algorithm   byte
}

// refCardAuth and the algorithms, SP 800-78-4, tables 6-1 and 6-2.
const (
	refCardAuth = 0x9E
	algRSA2048  = 0x07
	algECCP256  = 0x11
)

// findWitness reads the card authentication certificate, once. It returns
// reader.ErrNoProof for a card that has none, or one with a key that no PIV
// card may have.
func (c *Card) findWitness(ctx context.Context) (*witness, error) {
	if c.witness != nil {
		return c.witness, nil
	}
	certificate, err := c.certificate(ctx, objectCardAuth)
	if errors.Is(err, errMissing) || errors.Is(err, iso7816.ErrMalformed) {
		return nil, fmt.Errorf("%w: %w", reader.ErrNoProof, err)
	}
	if err != nil {
		return nil, err
	}
	algorithm, ok := algorithmOf(certificate.PublicKey)
	if !ok {
		return nil, fmt.Errorf("card authentication key of another kind: %w", reader.ErrNoProof)
	}
	c.witness = &witness{certificate: certificate, algorithm: algorithm}
	return c.witness, nil
}

func algorithmOf(key crypto.PublicKey) (byte, bool) {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return algECCP256, k.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return algRSA2048, k.Size() == rsa2048Size
	}
	return 0, false
}

// Prove has key 9E sign the digest: one command for an ECC key, a chain of two
// for RSA, and one more to read the certificate if Info has not done so.
func (c *Card) Prove(ctx context.Context, digest [32]byte) (reader.Proof, error) {
	w, err := c.findWitness(ctx)
	if err != nil {
		return reader.Proof{}, fmt.Errorf("proving the card: %w", err)
	}
	challenge := digest[:]
	if w.algorithm == algRSA2048 {
		challenge = padRSA(digest)
	}
	signature, err := c.authenticate(ctx, w.algorithm, challenge)
	if err != nil {
		return reader.Proof{}, fmt.Errorf("proving the card: %w", err)
	}
	return reader.Proof{Certificate: w.certificate.Raw, Signature: signature}, nil
}

// authenticate is the internal authentication of SP 800-73-4 part 2, 3.2.4:
// an empty 82 asks for the response to the challenge in 81.
func (c *Card) authenticate(ctx context.Context, algorithm byte, challenge []byte) ([]byte, error) {
	inner := iso7816.AppendObject(nil, 0x82, nil)
	inner = iso7816.AppendObject(inner, 0x81, challenge)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{
		INS: iso7816.InsAuthenticate, P1: algorithm, P2: refCardAuth,
		Data: iso7816.AppendObject(nil, 0x7C, inner),
		Le:   iso7816.MaxShort,
	})
	if err != nil {
		return nil, err
	}
	if denied(r.Status) {
		return nil, fmt.Errorf("card authentication key: %w", reader.ErrNoProof)
	}
	if err := r.Status.Err(iso7816.InsAuthenticate); err != nil {
		return nil, err
	}
	answer, err := iso7816.FindIn(r.Data, 0x7C)
	if err != nil {
		return nil, err
	}
	return iso7816.FindIn(answer, 0x82)
}
