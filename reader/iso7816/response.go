package iso7816

import "fmt"

// Response is a response APDU.
type Response struct {
	Data   []byte
	Status Status
}

// ParseResponse decodes a response APDU. Data points into raw.
func ParseResponse(raw []byte) (Response, error) {
	n := len(raw) - statusWordLength
	if n < 0 {
		return Response{}, fmt.Errorf("response without a status word: %w", ErrMalformed)
	}
	return Response{Data: raw[:n], Status: Status(raw[n])<<8 | Status(raw[n+1])}, nil
}

// Bytes encodes the response, as a card would.
func (r Response) Bytes() []byte {
	raw := make([]byte, 0, len(r.Data)+statusWordLength)
	raw = append(raw, r.Data...)
	return append(raw, byte(r.Status>>8), byte(r.Status))
}
