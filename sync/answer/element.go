package answer

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/group"
)

// MaxElements of one request: no bank asks for more answers at once.
const MaxElements = 20

// parseElement reads one element of ristretto255: canonical and not the
// identity (RFC 9497, 2.1). The library takes the identity, which would make
// the output the same for every answer.
func parseElement(raw []byte) (group.Element, error) {
	e := group.Ristretto255.NewElement()
	if err := e.UnmarshalBinary(raw); err != nil {
		return nil, errors.New("not an element of the group")
	}
	back, err := e.MarshalBinary()
	if err != nil || !bytes.Equal(back, raw) {
		return nil, errors.New("not the canonical form of an element")
	}
	if e.IsIdentity() {
		return nil, errors.New("the identity element")
	}
	return e, nil
}

// parseElements reads exactly want elements.
func parseElements(raw [][]byte, want int) ([]group.Element, error) {
	if want == 0 || want > MaxElements || len(raw) != want {
		return nil, fmt.Errorf("%d elements instead of %d", len(raw), want)
	}
	list := make([]group.Element, len(raw))
	for i := range raw {
		e, err := parseElement(raw[i])
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i+1, err)
		}
		list[i] = e
	}
	return list, nil
}

func marshalElements(list []group.Element) ([][]byte, error) {
	raw := make([][]byte, len(list))
	for i, e := range list {
		b, err := e.MarshalBinaryCompress()
		if err != nil {
			return nil, err
		}
		raw[i] = b
	}
	return raw, nil
}
