package answer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"strconv"

	"golang.org/x/crypto/argon2"

	"unlockpoint/sync/wire"
)

// Bounds of Argon2id: what a record may ask of a terminal, and the least that
// a central gone wrong can talk it down to. Memory in KiB.
const (
	minMemory = 8 << 10
	maxMemory = 64 << 10
	minTime   = 1
	maxTime   = 8
	maxLanes  = 4
)

// Clamp brings parameters into bounds. The same parameters always give the
// same ones back, so a key once made can be made again.
func Clamp(a wire.Argon) wire.Argon {
	return wire.Argon{
		Memory: min(max(a.Memory, minMemory), maxMemory),
		Time:   min(max(a.Time, minTime), maxTime),
		Lanes:  min(max(a.Lanes, 1), maxLanes),
	}
}

// stretch makes the key pair of one answer: Argon2id of the OPRF's output is
// the Ed25519 seed, so that even central's own key ring does not make
// guessing cheap.
func stretch(output []byte, registration string, form wire.KeyForm) ed25519.PrivateKey {
	a := Clamp(form.Argon)
	salt := sha256.Sum256(joined(registration, strconv.Itoa(form.Question)))
	seed := argon2.IDKey(output, salt[:16], a.Time, a.Memory, a.Lanes, ed25519.SeedSize)
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed)
}

// WipeKeys forgets the keys of answers after use.
func WipeKeys(keys []ed25519.PrivateKey) {
	for _, k := range keys {
		clear(k)
	}
}
