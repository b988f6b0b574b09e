package piv

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// pukLabel separates this use of the card key from every other.
const pukLabel = "unlockpoint puk v1"

// PUK derives the PUK of one generation of a card from the card key: eight
// digits, which every PIV card accepts. The same arguments always give the
// same PUK. The caller wipes it.
func PUK(kCard []byte, cardID string, generation int) []byte {
	mac := hmac.New(sha256.New, kCard)
	for _, part := range []string{pukLabel, cardID} {
		binary.Write(mac, binary.BigEndian, uint32(len(part)))
		mac.Write([]byte(part))
	}
	binary.Write(mac, binary.BigEndian, uint64(generation))
	// 2^64 is so much larger than 10^8 that the digits are even.
	number := binary.BigEndian.Uint64(mac.Sum(nil)[:8]) % 100_000_000
	return fmt.Appendf(nil, "%08d", number)
}
