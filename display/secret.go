package display

import (
	"log/slog"
	"unicode/utf8"
)

const redacted = "redacted"

// Secret is text that a person typed and nobody else may see: a passcode, an
// answer, a code. It never prints. Whoever ends its use wipes it; wiping is
// the best Go can do, since the runtime may have copied a stack.
//
// A Secret is owned by one goroutine at a time.
type Secret struct{ runes []rune }

// maxSecret is room enough for an address (254 bytes, RFC 5321 4.5.3.1.3), so
// that typing never reallocates and leaves a copy behind.
const maxSecret = 256

// NewSecret returns a Secret holding s. For tests and for code that got s
// from a wire; a person types with Type.
func NewSecret(s string) *Secret {
	t := &Secret{runes: make([]rune, 0, maxSecret)}
	for _, r := range s {
		t.Type(r)
	}
	return t
}

// Type appends one character, up to 256.
func (s *Secret) Type(r rune) {
	if s.runes == nil {
		s.runes = make([]rune, 0, maxSecret)
	}
	if len(s.runes) < maxSecret {
		s.runes = append(s.runes, r)
	}
}

// Delete takes the last character away, if there is one.
func (s *Secret) Delete() {
	if n := len(s.runes); n > 0 {
		s.runes[n-1] = 0
		s.runes = s.runes[:n-1]
	}
}

// Len is the number of characters; a nil Secret has none.
func (s *Secret) Len() int {
	if s == nil {
		return 0
	}
	return len(s.runes)
}

// Rune returns the i-th character.
func (s *Secret) Rune(i int) rune { return s.runes[i] }

// Bytes returns the text in the clear, in UTF-8 and in memory of its own: the
// caller clears it after use.
func (s *Secret) Bytes() []byte {
	if s == nil {
		return nil
	}
	b := make([]byte, 0, len(s.runes)*utf8.UTFMax) // never grows, which would leave a copy behind
	for _, r := range s.runes {
		b = utf8.AppendRune(b, r)
	}
	return b
}

// Reveal returns the text in the clear, as nobody can wipe it: for what is no
// secret, such as an address.
func (s *Secret) Reveal() string {
	if s == nil {
		return ""
	}
	return string(s.runes)
}

// Clone returns a copy with a life of its own.
func (s *Secret) Clone() *Secret {
	t := &Secret{runes: make([]rune, 0, maxSecret)}
	t.runes = append(t.runes, s.runes...)
	return t
}

// Same reports whether both hold the same text.
func (s *Secret) Same(t *Secret) bool {
	if s.Len() != t.Len() {
		return false
	}
	var diff rune
	for i := range s.Len() {
		diff |= s.runes[i] ^ t.runes[i]
	}
	return diff == 0
}

// Wipe forgets the text.
func (s *Secret) Wipe() {
	if s == nil {
		return
	}
	clear(s.runes[:cap(s.runes)])
	s.runes = s.runes[:0]
}

// String says only that there is something to hide.
func (*Secret) String() string { return redacted }

// GoString keeps %#v from looking inside.
func (*Secret) GoString() string { return redacted }

// LogValue keeps slog from looking inside.
func (*Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps encoders from looking inside.
func (*Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
