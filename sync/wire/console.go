package wire

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
)

// How an engineer logs in at a terminal's console, also where neither has a
// network: the console shows a challenge, central answers it for an operator,
// and the answer is typed in. Both are read out over the phone, so both end in
// a check character, and no letter of theirs is taken for another.

// consoleAlphabet are 32 characters: no I, L, O and U.
const consoleAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	challengeLength = 8 // 40 bits, and the check character
	answerLength    = 9 // 45 bits, and the check character
)

// ErrMistyped says that a challenge or an answer is not one: its check
// character does not fit.
var ErrMistyped = errors.New("mistyped: its last character does not fit the others")

// NewChallenge draws a challenge.
func NewChallenge() string {
	var random [8]byte
	rand.Read(random[:])
	return checked(letters(random[:], challengeLength))
}

// ReadChallenge reads a challenge as people type it.
func ReadChallenge(typed string) (string, error) { return readCode(typed, challengeLength) }

// ConsoleAnswer is the answer to a challenge of a terminal, under the key that
// central has made for its console.
func ConsoleAnswer(key []byte, terminal, challenge string) string {
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{"unlockpoint console answer v1", terminal, challenge} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	return checked(letters(mac.Sum(nil), answerLength))
}

// RightAnswer says whether what was typed answers the challenge. ErrMistyped:
// it cannot, and proves nothing about who typed it.
func RightAnswer(key []byte, terminal, challenge, typed string) (bool, error) {
	typed, err := readCode(typed, answerLength)
	return err == nil && hmac.Equal([]byte(typed), []byte(ConsoleAnswer(key, terminal, challenge))), err
}

// Spaced is a challenge or an answer as it is shown: in groups of five.
func Spaced(code string) string {
	var groups []string
	for len(code) > 5 {
		groups, code = append(groups, code[:5]), code[5:]
	}
	return strings.Join(append(groups, code), "-")
}

// letters writes the first n times 5 bits.
func letters(bits []byte, n int) string {
	var b strings.Builder
	for i := range n {
		at := i * 5
		two := uint16(bits[at/8])<<8 | uint16(bits[at/8+1])
		b.WriteByte(consoleAlphabet[two>>(11-at%8)&31])
	}
	return b.String()
}

// checked adds the check character: Luhn's, modulo 32 (ISO/IEC 7812-1, annex
// B, for another base). It finds every wrong character, and two that changed
// places but for one pair.
func checked(text string) string {
	sum, factor := 0, 2
	for i := len(text) - 1; i >= 0; i-- {
		add := factor * strings.IndexByte(consoleAlphabet, text[i])
		sum += add/32 + add%32
		factor = 3 - factor
	}
	return text + string(consoleAlphabet[(32-sum%32)%32])
}

// readCode reads n characters and their check character, with whatever people
// put in between and take for each other.
func readCode(typed string, n int) (string, error) {
	code := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	if len(code) != n+1 || strings.Trim(code, consoleAlphabet) != "" || checked(code[:n]) != code {
		return "", ErrMistyped
	}
	return code, nil
}

// ConsoleBody asks for the answer to the challenge of a terminal's console.
type ConsoleBody struct {
	Terminal  string `json:"terminal"`
	Challenge string `json:"challenge"` // as somebody typed it
	Reason    string `json:"reason,omitempty"`
}

// ConsoleReply is the answer to type there.
type ConsoleReply struct {
	Answer string `json:"answer"`
}
