package iso7816

import "fmt"

// Object is one BER-TLV data object.
type Object struct {
	Tag   uint32 // as written, up to three bytes: 0x7C, 0x5C, 0x5FC102
	Value []byte
}

// maxTagLength and maxLengthBytes bound what a card may send: no object in use
// has a tag beyond three bytes, or 16 MiB of value.
const (
	maxTagLength   = 3
	maxLengthBytes = 3
)

// ParseObjects decodes a run of data objects, one level deep. Values point
// into b. The indefinite length, which cards may not use (ISO/IEC 7816-4:2020,
// 6.3), is refused.
func ParseObjects(b []byte) ([]Object, error) {
	var objects []Object
	for len(b) > 0 {
		tag, rest, err := parseTag(b)
		if err != nil {
			return nil, err
		}
		n, rest, err := parseLength(rest)
		if err != nil {
			return nil, err
		}
		objects = append(objects, Object{Tag: tag, Value: rest[:n:n]})
		b = rest[n:]
	}
	return objects, nil
}

func parseTag(b []byte) (uint32, []byte, error) {
	tag := uint32(b[0])
	if b[0]&0x1F != 0x1F {
		return tag, b[1:], nil
	}
	for i := 1; i < maxTagLength && i < len(b); i++ {
		tag = tag<<8 | uint32(b[i])
		if b[i]&0x80 == 0 {
			return tag, b[i+1:], nil
		}
	}
	return 0, nil, fmt.Errorf("tag of a data object: %w", ErrMalformed)
}

// parseLength returns a length that the rest is sure to hold.
func parseLength(b []byte) (int, []byte, error) {
	malformed := fmt.Errorf("length of a data object: %w", ErrMalformed)
	if len(b) == 0 {
		return 0, nil, malformed
	}
	n, rest := int(b[0]), b[1:]
	if n >= 0x80 {
		count := n & 0x7F
		if count == 0 || count > maxLengthBytes || count > len(rest) {
			return 0, nil, malformed
		}
		n = 0
		for _, digit := range rest[:count] {
			n = n<<8 | int(digit)
		}
		rest = rest[count:]
	}
	if n > len(rest) {
		return 0, nil, malformed
	}
	return n, rest, nil
}

// Find returns the value of the first object with the tag, and whether there
// is one.
func Find(objects []Object, tag uint32) ([]byte, bool) {
	for _, o := range objects {
		if o.Tag == tag {
			return o.Value, true
		}
	}
	return nil, false
}

// FindIn parses b and returns the value of the first object with the tag.
func FindIn(b []byte, tag uint32) ([]byte, error) {
	objects, err := ParseObjects(b)
	if err != nil {
		return nil, err
	}
	value, ok := Find(objects, tag)
	if !ok {
		return nil, fmt.Errorf("data object %X is missing: %w", tag, ErrMalformed)
	}
	return value, nil
}

// AppendObject appends the encoding of one data object to b. Values of up to
// 65535 bytes are enough for every card.
func AppendObject(b []byte, tag uint32, value []byte) []byte {
	for shift := 16; shift > 0; shift -= 8 {
		if tag>>shift > 0 {
			b = append(b, byte(tag>>shift))
		}
	}
	b = append(b, byte(tag))
	switch n := len(value); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	default:
		b = append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, value...)
}
