package gids_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"unlockpoint/reader/gids"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cbc does with a key of three what the card's chip does.
func cbc(t interface{ Fatal(...any) }, key, text []byte, decrypt bool) []byte {
	block, err := des.NewTripleDESCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out, mode := make([]byte, len(text)), cipher.NewCBCEncrypter(block, make([]byte, 8))
	if decrypt {
		mode = cipher.NewCBCDecrypter(block, make([]byte, 8))
	}
	mode.CryptBlocks(out, text)
	return out
}

// Made with openssl enc -des-ede3-cbc -nopad and openssl dgst -sha256 -mac
// HMAC. Cards in the field depend on the form, stored replies on the values:
// they never change.
var vectors = map[string]struct{ key, answer, half string }{
	"factory key": {
		"010203040506070801020304050607080102030405060708",
		"facc4f0dcd0a17f1559fd3aaa431f1ed4cfcc1f54012aae2157198bd85713dc8adca51db1ee402c4",
		"90152a4c1cf4278085eb167add683f9061520df3e56ca8ba2cb395331a339d2c7cdcc502dc08c944",
	},
	"three keys": {
		"0123456789abcdeffedcba98765432100f1e2d3c4b5a6978",
		"ab218298a9759888b5e2c2cd00eb560596b4005dc06f2b5f699bd76a091a147ef06f5d43e1c730fd",
		"41c6387566ddd8dcdc2596c346a5f77d011265d9e6f2397d3bdd2637e17a75f7704ec7f945a84b46",
	},
	"two keys": {
		"0123456789abcdeffedcba9876543210",
		"4b3ecc5f875249f7bdad4634c74b2be8d27e15fe9948ec8bf3b3e619446dc19f3593ac54dd758453",
		"52c5c0705d9089e1fd2f0cf61dd3bc0aa605a2cfee39032a3c5f3111e61e1903ad2019b40fddd31a",
	},
}

func TestTheArithmeticOfTheExchangeNeverChanges(t *testing.T) {
	ours, cards := unhex(t, "000102030405060708090a0b0c0d0e0f"), unhex(t, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
	for name, v := range vectors {
		key := unhex(t, v.key)
		answer, err := gids.Answer(key, ours, cards)
		if err != nil || hex.EncodeToString(answer) != v.answer {
			t.Errorf("%s: answer %x, %v", name, answer, err)
		}
		if !gids.HalfHolds(key, ours, cards, unhex(t, v.half)) {
			t.Errorf("%s: the half does not hold", name)
		}
		if gids.HalfHolds(key, cards, ours, unhex(t, v.half)) {
			t.Errorf("%s: the half holds the wrong way round", name)
		}
	}
}

func TestTheChallengeIsTheBeginningOfTheDigest(t *testing.T) {
	digest := [32]byte{1, 2, 3, 15: 16, 31: 32}
	challenge := gids.Challenge(digest)
	if !bytes.Equal(challenge, digest[:16]) {
		t.Errorf("%x of %x", challenge, digest)
	}
}

func some(t *rapid.T, n int, label string) []byte {
	return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, label)
}

// A card opens the answer with its key and finds both challenges; what it
// sends back holds, and nothing near it does.
func TestEachEndKnowsTheOtherByTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, ours, cards := some(t, 24, "key"), some(t, 16, "ours"), some(t, 16, "cards")
		if bytes.Equal(ours, cards) {
			t.Skip("no card's challenge")
		}
		answer, err := gids.Answer(key, ours, cards)
		if err != nil {
			t.Fatal(err)
		}
		plain := cbc(t, key, answer, true)
		if !bytes.Equal(plain[:16], cards) || !bytes.Equal(plain[16:32], ours) || plain[39] != 0x80 {
			t.Fatalf("the card finds %x", plain)
		}
		half := cbc(t, key, append(append(bytes.Clone(ours), cards...), append(some(t, 7, "z2"), 0x80)...), false)
		if !gids.HalfHolds(key, ours, cards, half) {
			t.Fatal("the card's half does not hold")
		}
		if gids.HalfHolds(key, ours, cards, answer) {
			t.Fatal("our own answer holds as the card's half")
		}
		i := rapid.IntRange(0, 31).Draw(t, "byte") // of the four blocks of challenges
		half[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if gids.HalfHolds(key, ours, cards, half) {
			t.Fatalf("a half changed in byte %d holds", i)
		}
	})
}

func TestAHalfEndsInItsPadding(t *testing.T) {
	key, ours, cards := make([]byte, 24), unhex(t, "000102030405060708090a0b0c0d0e0f"), unhex(t, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
	for last := range 256 {
		plain := append(append(bytes.Clone(ours), cards...), 1, 2, 3, 4, 5, 6, 7, byte(last))
		if holds := gids.HalfHolds(key, ours, cards, cbc(t, key, plain, false)); holds != (last == 0x80) {
			t.Errorf("ends in %02X: %v", last, holds)
		}
	}
}

func TestTwoKeysAreThreeWithTheFirstTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, ours, cards := some(t, 16, "key"), some(t, 16, "ours"), some(t, 16, "cards")
		short, err := gids.Answer(key, ours, cards)
		long, longErr := gids.Answer(append(bytes.Clone(key), key[:8]...), ours, cards)
		if !bytes.Equal(short, long) || !errors.Is(err, longErr) {
			t.Fatalf("%x, %v and %x, %v", short, err, long, longErr)
		}
	})
}

// A terminal without a card could send our challenge back as the card's, and
// our answer as the card's half.
func TestOurOwnChallengeIsNoCards(t *testing.T) {
	key, ours := make([]byte, 24), unhex(t, "000102030405060708090a0b0c0d0e0f")
	if answer, err := gids.Answer(key, ours, ours); answer != nil || !errors.Is(err, gids.ErrChallenge) {
		t.Errorf("answered %x, %v", answer, err)
	}
	half := cbc(t, key, append(append(bytes.Clone(ours), ours...), 1, 2, 3, 4, 5, 6, 7, 0x80), false)
	if gids.HalfHolds(key, ours, ours, half) {
		t.Error("it holds")
	}
}

func TestOtherLengthsAreRefused(t *testing.T) {
	for n := range 40 {
		_, err := gids.Answer(make([]byte, n), make([]byte, 16), bytes.Repeat([]byte{1}, 16))
		if (n == 16 || n == 24) != (err == nil) || err != nil && !errors.Is(err, gids.ErrKey) {
			t.Errorf("a key of %d bytes: %v", n, err)
		}
		if n == 16 {
			continue
		}
		if _, err := gids.Answer(make([]byte, 24), make([]byte, n), bytes.Repeat([]byte{1}, 16)); !errors.Is(err, gids.ErrChallenge) {
			t.Errorf("our challenge of %d bytes: %v", n, err)
		}
		if _, err := gids.Answer(make([]byte, 24), make([]byte, 16), make([]byte, n)); !errors.Is(err, gids.ErrChallenge) {
			t.Errorf("the card's challenge of %d bytes: %v", n, err)
		}
	}
}

func FuzzHalf(f *testing.F) {
	for _, v := range vectors {
		f.Add(unhex(f, v.key), unhex(f, "000102030405060708090a0b0c0d0e0f"), unhex(f, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), unhex(f, v.half))
	}
	f.Add([]byte(nil), []byte(nil), []byte(nil), []byte(nil))
	f.Add(make([]byte, 24), make([]byte, 16), make([]byte, 16), make([]byte, 41))
	f.Fuzz(func(t *testing.T, key, ours, cards, half []byte) {
		if gids.HalfHolds(key, ours, cards, half) && (len(half) != 40 || len(ours) != 16 || len(cards) != 16 || bytes.Equal(ours, cards)) {
			t.Errorf("%x holds for %x and %x", half, ours, cards)
		}
		if answer, err := gids.Answer(key, ours, cards); (err == nil) != (len(answer) == 40) {
			t.Errorf("answer %x, %v", answer, err)
		}
	})
}
