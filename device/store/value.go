package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// A stored value is one byte of schema version, four bytes of CRC-32C
// (Castagnoli, RFC 3720 appendix B.4) over key, version and text, and the
// text: JSON. Badger checks its own blocks; this sum also catches a value
// under another's key and a text cut short.
const (
	schema     = 1
	valueStart = 5
)

// errNone says that nothing is stored under a key.
var errNone = errors.New("nothing stored")

func encode(key []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", kindOf(key), err)
	}
	value := make([]byte, valueStart, valueStart+len(text))
	value[0] = schema
	value = append(value, text...)
	binary.BigEndian.PutUint32(value[1:valueStart], sum(key, value))
	return value, nil
}

func decode(key, value []byte, v any) error {
	switch {
	case len(value) <= valueStart:
		return fmt.Errorf("%w: %s is cut short", ErrDamaged, kindOf(key))
	case value[0] != schema:
		return fmt.Errorf("%w: %s has schema %d", ErrDamaged, kindOf(key), value[0])
	case binary.BigEndian.Uint32(value[1:valueStart]) != sum(key, value):
		return fmt.Errorf("%w: the checksum of %s is wrong", ErrDamaged, kindOf(key))
	}
	if err := json.Unmarshal(value[valueStart:], v); err != nil {
		return fmt.Errorf("%w: %s does not parse", ErrDamaged, kindOf(key))
	}
	return nil
}

func sum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	c := crc32.Update(0, table, key)
	c = crc32.Update(c, table, value[:1])
	return crc32.Update(c, table, value[valueStart:])
}

// kindOf names a key in an error: the part before the slash, never the rest.
func kindOf(key []byte) string {
	for i, c := range key {
		if c == '/' {
			return string(key[:i])
		}
	}
	return string(key)
}
