package gids

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
)

// Lengths of the mutual form of the exchange, gids_authenticate_admin in
// OpenSC's card-gids.c.
const (
	challengeLength  = 16
	shareLength      = 7 // Z1 and Z2, the halves of a session key
	cryptogramLength = 2*challengeLength + shareLength + 1
	padding          = 0x80
)

// Lengths of an admin key: three keys of DES, or two with the first used twice.
const (
	twoKeys   = 2 * des.BlockSize
	threeKeys = 3 * des.BlockSize
)

// Errors of Answer. Neither says anything about the card in the reader.
var (
	ErrKey       = errors.New("an admin key has 24 bytes, or 16")
	ErrChallenge = errors.New("no challenge of a card")
)

// Challenge is what the server asks a card: the beginning of the digest that
// server and terminal both make for themselves, so that it costs no message
// of its own. A digest counts for one card session, as its nonce is new.
func Challenge(digest [sha256.Size]byte) []byte {
	return bytes.Clone(digest[:challengeLength])
}

// Answer makes the server's cryptogram over both challenges: 3DES-CBC without
// an initial vector over the card's challenge, ours, Z1 and a byte 80. That is
// what cards do; the minidriver specification's ECB is a mistake.
//
// Z1 would be the server's half of a session key for secure messaging, which
// nobody uses: the card keeps it and does not look at it. It is derived from
// key and challenges, not random, so that a question asked again gets the same
// answer, and nobody without the key can foretell it.
//
// One digest may be answered once: every answer lets who asked choose what the
// key encrypts, and a handful under the same challenge of ours would do to put
// together a half that no card made. For the same reason a challenge of the
// card's that repeats ours is refused: its answer would be its own half.
func Answer(key, ours, cards []byte) ([]byte, error) {
	block, err := newCipher(key)
	if err != nil {
		return nil, fmt.Errorf("answering a card: %w", err)
	}
	if len(ours) != challengeLength || len(cards) != challengeLength || bytes.Equal(ours, cards) {
		return nil, fmt.Errorf("answering a card: %w", ErrChallenge)
	}
	cryptogram := make([]byte, 0, cryptogramLength)
	cryptogram = append(cryptogram, cards...)
	cryptogram = append(cryptogram, ours...)
	cryptogram = append(cryptogram, share(key, ours, cards)...)
	cryptogram = append(cryptogram, padding)
	cipher.NewCBCEncrypter(block, make([]byte, des.BlockSize)).CryptBlocks(cryptogram, cryptogram)
	return cryptogram, nil
}

// HalfHolds says whether the half that came back was made by the card with
// this key, in the exchange of these challenges: ours, the card's, any Z2 and
// a byte 80, encrypted as in Answer. A half of the wrong length holds for no
// key. It takes the same time wherever a half is wrong.
func HalfHolds(key, ours, cards, half []byte) bool {
	block, err := newCipher(key)
	if err != nil || len(ours) != challengeLength || len(cards) != challengeLength || len(half) != cryptogramLength {
		return false
	}
	plain := make([]byte, cryptogramLength)
	defer clear(plain) // Z2 is a secret of the card's
	cipher.NewCBCDecrypter(block, make([]byte, des.BlockSize)).CryptBlocks(plain, half)
	holds := subtle.ConstantTimeCompare(plain[:challengeLength], ours)
	holds &= subtle.ConstantTimeCompare(plain[challengeLength:2*challengeLength], cards)
	holds &= subtle.ConstantTimeByteEq(plain[cryptogramLength-1], padding)
	holds &= 1 - subtle.ConstantTimeCompare(ours, cards)
	return holds == 1
}

// shareLabel separates this use of the admin key from every other.
const shareLabel = "unlockpoint gids z1 v1"

func share(key, ours, cards []byte) []byte {
	key = triple(key)
	defer clear(key)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(shareLabel))
	mac.Write(ours)
	mac.Write(cards)
	return mac.Sum(nil)[:shareLength]
}

func newCipher(key []byte) (cipher.Block, error) {
	if len(key) != twoKeys && len(key) != threeKeys {
		return nil, ErrKey
	}
	key = triple(key)
	defer clear(key)
	return des.NewTripleDESCipher(key)
}

// triple copies a key and writes one of two keys out as three.
func triple(key []byte) []byte {
	long := append(make([]byte, 0, threeKeys), key...)
	return append(long, key[:threeKeys-len(key)]...)
}
