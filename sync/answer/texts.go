package answer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"

	"unlockpoint/sync/wire"
)

// joined writes each part behind its length in four bytes, big-endian: no two
// lists of parts give the same text. Its first part names what it is for.
func joined(parts ...string) []byte {
	var text []byte
	for _, p := range parts {
		text = binary.BigEndian.AppendUint32(text, uint32(len(p)))
		text = append(text, p...)
	}
	return text
}

// ProofOf names all that the proof of one answer is bound to.
type ProofOf struct {
	Attempt, Case, Card, Registration string
	Question                          int
	Terminal                          string
	SealTo                            []byte
}

// ProofText is what an answer's key signs in an attempt.
func ProofText(p ProofOf) []byte {
	return joined("unlockpoint proof v1", p.Attempt, p.Case, p.Card, p.Registration,
		strconv.Itoa(p.Question), p.Terminal, string(p.SealTo))
}

// EnrolText is what an answer's key signs when it is registered: a key that
// nobody holds, or somebody else's, cannot be enrolled.
func EnrolText(registration, card string, form wire.KeyForm, public []byte) []byte {
	number := func(n int) string { return strconv.Itoa(n) }
	return joined("unlockpoint enrol v1", registration, card,
		number(form.Question), number(form.Normaliser), number(form.OPRF),
		number(int(form.Argon.Memory)), number(int(form.Argon.Time)), number(int(form.Argon.Lanes)),
		string(public))
}

// CardDigest is what a card signs to prove that it is in the reader: central's
// nonce of the session, the card's id, the case or "0" where there is none,
// and the insertion's key. Each part has its length in front, so that no part
// can lend bytes to the next.
func CardDigest(nonce []byte, card, caseID string, sealTo []byte) [32]byte {
	if caseID == "" {
		caseID = "0"
	}
	return sha256.Sum256(joined("unlockpoint card v1", string(nonce), card, caseID, string(sealTo)))
}

// Code is the six-digit code of a case: it follows from the case and the
// address, so no store holds it, and a repeated mail says the same. Compare
// with hmac.Equal.
func Code(key []byte, purpose wire.Purpose, caseID, card, registration, address string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(joined("unlockpoint code v1", string(purpose), caseID, card, registration, address))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}
