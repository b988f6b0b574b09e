package wire

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Typed is a code that a person typed, digits alone. It travels as text, but
// encoding/json, which keeps its buffers for what it writes next, never sees
// it: Marshal puts it in.
type Typed []byte

// MarshalText holds the place.
func (c Typed) MarshalText() ([]byte, error) { return bytes.Repeat([]byte("?"), len(c)), nil }

// UnmarshalText reads what Marshal wrote.
func (c *Typed) UnmarshalText(text []byte) error {
	*c = bytes.Clone(text)
	return nil
}

func (b CodeCheckBody) code() Typed  { return b.Code }
func (b AssistTakeBody) code() Typed { return b.Code }

// Written is a body that was written by Marshal already.
type Written []byte

// Marshal writes a body for sealing. The caller clears it after use.
func Marshal(body any) ([]byte, error) {
	if w, ok := body.(Written); ok {
		return w, nil
	}
	text, err := json.Marshal(body)
	b, holds := body.(interface{ code() Typed })
	if err != nil || !holds {
		return text, err
	}
	code := b.code()
	if bytes.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return nil, errors.New("a code is made of digits")
	}
	before := []byte(`"code":"`) // no quote is without its \ inside of a text
	copy(text[bytes.Index(text, before)+len(before):], code)
	return text, nil
}
