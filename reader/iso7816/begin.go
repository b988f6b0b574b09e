package iso7816

import "context"

// Begin sends one command and returns the beginning of its answer: parts as
// the card makes them, until there are most of them or enough says that they
// will do; without enough, most of them. The card drops the rest at the next
// command.
func Begin(ctx context.Context, t Transmitter, c Command, most int, enough func([]byte) bool) (Response, error) {
	return Exchange(ctx, &beginning{Transmitter: t, most: most, enough: enough}, c)
}

// beginning says of the part after which it has enough that it was the last.
type beginning struct {
	Transmitter
	most, parts int
	enough      func([]byte) bool
	data        []byte
}

func (b *beginning) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	raw, err := b.Transmitter.Transmit(ctx, apdu)
	if err != nil {
		return nil, err
	}
	r, err := ParseResponse(raw)
	if err != nil || len(r.Data) == 0 {
		return raw, err
	}
	b.parts++
	b.data = append(b.data, r.Data...)
	if b.parts >= b.most || b.enough != nil && b.enough(b.data) {
		r.Status = StatusOK
	}
	return r.Bytes(), nil
}
