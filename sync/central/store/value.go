package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// schema is the number of the form that values have. A program that changes a
// row so that the old form no longer reads counts it up and converts.
const schema = 1

// header is the schema (1 byte) and the checksum (4 bytes, big-endian).
const header = 5

// wrap puts schema and checksum before a value.
func wrap(key string, value []byte) []byte {
	out := make([]byte, header, header+len(value))
	out[0] = schema
	binary.BigEndian.PutUint32(out[1:], sum(out[0], key, value))
	return append(out, value...)
}

// unwrap checks a stored value and returns the part behind the header.
func unwrap(key string, stored []byte) ([]byte, error) {
	if len(stored) < header {
		return nil, fmt.Errorf("%w: the value of %q is cut short", ErrDamaged, key)
	}
	value := stored[header:]
	if binary.BigEndian.Uint32(stored[1:]) != sum(stored[0], key, value) {
		return nil, fmt.Errorf("%w: the checksum of %q is wrong", ErrDamaged, key)
	}
	if stored[0] != schema {
		return nil, fmt.Errorf("%w: %q has schema %d, this program knows %d", ErrNewer, key, stored[0], schema)
	}
	return value, nil
}

// sum is CRC-32C over schema, key and value. The key is in it so that a value
// under another's key does not pass.
func sum(version byte, key string, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // the same table each time
	s := crc32.Update(0, table, []byte{version})
	s = crc32.Update(s, table, binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	s = crc32.Update(s, table, []byte(key))
	return crc32.Update(s, table, value)
}
