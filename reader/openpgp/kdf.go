package openpgp

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"hash"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// kdf is how a card wants its passcodes: as they are, where it is zero, or as
// digests with salt (4.3.2, KDF-ITERSALTED-S2K).
type kdf struct {
	hash      func() hash.Hash
	count     int // bytes that are hashed
	saltPW1   []byte
	saltAdmin []byte
}

// Algorithms, 4.3.2 and RFC 4880, 9.4.
const (
	kdfNone = 0x00
	kdfS2K  = 0x03
	sha2256 = 0x08
	sha2512 = 0x0A
)

// maxCount bounds what a card may ask for: it is the most that RFC 4880,
// 3.7.1.3, can write, and that GnuPG sets up. A PC hashes it in 0.2 s.
const maxCount = 65_011_712

// readKDF asks how the card wants passcodes. One that could have KDF and says
// nothing wants them as they are; one that does not let itself be asked is not
// sent any.
func (c *Card) readKDF(ctx context.Context, s status) (kdf, error) {
	const doing = "reading how the card wants passcodes: %w"
	data, found, err := c.read(ctx, objectKDF)
	if err != nil {
		return kdf{}, fmt.Errorf(doing, err)
	}
	if !found || len(data) == 0 {
		return kdf{}, nil
	}
	k, err := parseKDF(data)
	if err != nil {
		return kdf{}, fmt.Errorf(doing, err)
	}
	if k.hash != nil && k.hash().Size() > min(s.most, s.mostAdmin) {
		return kdf{}, fmt.Errorf("digests that are longer than the card takes: %w", reader.ErrUnsupported)
	}
	return k, nil
}

// parseKDF reads the data object F9: 81 algorithm, 82 hash, 83 count, 84 to 86
// the salts of PW1, resetting code and PW3.
func parseKDF(data []byte) (kdf, error) {
	objects, err := iso7816.ParseObjects(unwrap(data, objectKDF))
	if err != nil {
		return kdf{}, err
	}
	algorithm, _ := iso7816.Find(objects, 0x81)
	switch {
	case len(algorithm) != 1:
		return kdf{}, fmt.Errorf("algorithm: %w", iso7816.ErrMalformed)
	case algorithm[0] == kdfNone:
		return kdf{}, nil
	case algorithm[0] != kdfS2K:
		return kdf{}, fmt.Errorf("algorithm %02X: %w", algorithm[0], reader.ErrUnsupported)
	}
	return parseS2K(objects)
}

// parseS2K reads the parameters. A card with one salt uses it for all.
func parseS2K(objects []iso7816.Object) (k kdf, err error) {
	digest, _ := iso7816.Find(objects, 0x82)
	count, _ := iso7816.Find(objects, 0x83)
	k.saltPW1, _ = iso7816.Find(objects, 0x84)
	var own bool
	if k.saltAdmin, own = iso7816.Find(objects, 0x86); !own {
		k.saltAdmin = k.saltPW1
	}
	const lengthSalt, lengthCount = 8, 4
	if len(digest) != 1 || len(count) != lengthCount || len(k.saltPW1) != lengthSalt || len(k.saltAdmin) != lengthSalt {
		return kdf{}, fmt.Errorf("parameters: %w", iso7816.ErrMalformed)
	}
	k.hash = map[byte]func() hash.Hash{sha2256: sha256.New, sha2512: sha512.New}[digest[0]]
	length := binary.BigEndian.Uint32(count)
	if k.hash == nil || length > maxCount {
		return kdf{}, fmt.Errorf("hash %02X of %d bytes: %w", digest[0], length, reader.ErrUnsupported)
	}
	k.count = int(length)
	return k, nil
}

// of is what the card knows a passcode by. The caller wipes it.
func (k kdf) of(salt, passcode []byte) []byte {
	if k.hash == nil {
		return append(make([]byte, 0, len(passcode)), passcode...)
	}
	return stretch(k.hash(), salt, passcode, k.count)
}

// stretch is iterated and salted S2K, RFC 4880, 3.7.1.3: salt and passcode
// again and again, count bytes of them, and both at least once.
func stretch(h hash.Hash, salt, passcode []byte, count int) []byte {
	once := append(append(make([]byte, 0, len(salt)+len(passcode)), salt...), passcode...)
	defer clear(once)
	for count = max(count, len(once)); count > 0; count -= len(once) {
		h.Write(once[:min(count, len(once))])
	}
	return h.Sum(nil)
}
