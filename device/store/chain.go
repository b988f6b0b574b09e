package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// link is the chain's hash after text: SHA-256(before || text), both hashes
// as bytes, in hex outside. Before the first fact it is the incarnation
// (PROTOCOL, "Link session, requests, facts").
func link(before string, text []byte) (string, error) {
	h, err := hex.DecodeString(before)
	if err != nil {
		return "", fmt.Errorf("%w: the chain's hash is not hex", ErrDamaged)
	}
	sum := sha256.Sum256(append(h, text...))
	return hex.EncodeToString(sum[:]), nil
}
