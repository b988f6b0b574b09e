package grant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"unlockpoint/reader/gids"
	"unlockpoint/reader/piv"
)

// Kind is what central has to know of a profile of cards: what their keys look
// like, and what may be done with one.
type Kind struct {
	Profile string
	Proves  bool // its cards prove themselves with a key of their own
	Asks    bool // its key stays here, and answers the card's challenges
	Rotates bool // its cards can be given another PUK

	Form   string // what a key is, in words for whoever types one
	form   *regexp.Regexp
	binary bool // typed in hex
	derive func(kCard []byte, card string, generation int) []byte

	// factory are keys that cards come with: anybody knows them.
	factory []string
}

// kinds has the profiles of DESIGN section 4, in the order of package
// profiles.
func kinds() []Kind {
	return []Kind{
		{
			Profile: "piv", Proves: true, Rotates: true,
			// As people set it (SP 800-73-4 part 2, 2.4.3); some cards take
			// 8 characters of any kind.
			Form: "a PUK of 6 to 8 digits, or of 8 printable characters", form: regexp.MustCompile(`^([0-9]{6,8}|[!-~]{8})$`),
			derive:  piv.PUK,
			factory: []string{"12345678", "00000000"},
		},
		{
			Profile: gids.Profile, Asks: true,
			Form: "an admin key of 48 hex digits", form: regexp.MustCompile(`^[0-9a-fA-F]{48}$`), binary: true,
			derive:  adminKey,
			factory: []string{strings.Repeat("0", 48), "010203040506070801020304050607080102030405060708"},
		},
		{
			Profile: "openpgp", Rotates: true,
			Form: "an admin PIN (PW3) of 8 to 32 printable characters", form: regexp.MustCompile(`^[!-~]{8,32}$`),
			derive:  digits(12),
			factory: []string{"12345678", "00000000"},
		},
		{
			Profile: "isoapplet",
			Form:    "a PUK of 16 printable characters", form: regexp.MustCompile(`^[!-~]{16}$`),
			derive:  digits(16),
			factory: []string{strings.Repeat("0", 16), "1234567812345678", "0123456789012345"},
		},
		{
			Profile: "authentic",
			Form:    "a security officer's PIN of 4 to 64 printable characters", form: regexp.MustCompile(`^[!-~]{4,64}$`),
			derive:  digits(8),
			factory: []string{"12345678", "00000000"},
		},
	}
}

// KindOf is the kind of a card, by the beginning of its id.
func KindOf(card string) (Kind, bool) {
	profile, _, _ := strings.Cut(card, ":")
	all := kinds()
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Profile == profile })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}

// Profiles names the kinds.
func Profiles() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.Profile)
	}
	return names
}

// Read reads a key as people write it; false when it is none of this kind.
func (k Kind) Read(text string) ([]byte, bool) {
	if !k.form.MatchString(text) {
		return nil, false
	}
	if !k.binary {
		return []byte(text), true
	}
	key, err := hex.DecodeString(text)
	return key, err == nil
}

// Factory reports whether the key is one that cards come with.
func (k Kind) Factory(key []byte) bool {
	return slices.ContainsFunc(k.factory, func(text string) bool {
		known, ok := k.Read(text)
		return ok && hmac.Equal(known, key)
	})
}

// derivation separates these keys from every other use of the card key.
const derivation = "unlockpoint card key v1"

// derived are 32 bytes that belong to one generation of a card's key.
func derived(kCard []byte, card string, generation int) []byte {
	mac := hmac.New(sha256.New, kCard)
	for _, part := range []string{derivation, card} {
		binary.Write(mac, binary.BigEndian, uint32(len(part)))
		mac.Write([]byte(part))
	}
	binary.Write(mac, binary.BigEndian, uint64(generation))
	return mac.Sum(nil)
}

// adminKey is a Triple DES key of three different keys.
func adminKey(kCard []byte, card string, generation int) []byte {
	const size = 24
	return derived(kCard, card, generation)[:size]
}

// digits makes keys of n digits, 16 at the most: 2^64 is so much larger than
// 10^16 that they are even.
func digits(n int) func([]byte, string, int) []byte {
	return func(kCard []byte, card string, generation int) []byte {
		number := binary.BigEndian.Uint64(derived(kCard, card, generation))
		return fmt.Appendf(nil, "%016d", number%10_000_000_000_000_000)[16-n:]
	}
}
