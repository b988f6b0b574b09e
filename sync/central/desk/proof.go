package desk

import (
	"bytes"
	"crypto/sha256"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// sealKeySize is an X25519 public key's, RFC 7748, 5.
const sealKeySize = 32

// proved reports whether the card proved that it is in the terminal's reader,
// and refuses where policy wants that and it did not, and any proof that does
// not hold. Nobody asks for it of a kind that cannot.
func (d *Desk) proved(t turn, c card, proof wire.CardProof, caseID string, sealTo []byte) (bool, error) {
	if len(sealTo) != sealKeySize {
		return false, refused(wire.BadRequest)
	}
	if len(t.who.SessNonce) == 0 {
		return false, refused(wire.NewSession)
	}
	if !c.kind().Proves || len(proof.Signature) == 0 && !d.policy().ProofRequired {
		return false, nil
	}
	digest := answer.CardDigest(t.who.SessNonce, c.ID, caseID, sealTo)
	id, err := piv.VerifyProof(reader.Proof(proof), digest, d.cfg.Authority, t.now)
	if err != nil || id != c.ID || !c.mayProveWith(proof.Certificate) {
		return false, refused(wire.NoProof)
	}
	return true, nil
}

// mayProveWith reports whether a certificate is the one on file, if one is.
func (c card) mayProveWith(certificate []byte) bool {
	sum := sha256.Sum256(certificate)
	return len(c.Certificate) == 0 || bytes.Equal(c.Certificate, sum[:])
}
