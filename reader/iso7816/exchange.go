package iso7816

import (
	"context"
	"fmt"
)

// Transmitter carries one APDU to a card and its response back.
// A reader.Link is one.
type Transmitter interface {
	Transmit(ctx context.Context, apdu []byte) ([]byte, error)
}

// maxParts bounds the parts of one answer: 32 KiB, ten times what any object
// of a card in use holds. A card that promises more is broken or hostile.
const maxParts = 128

// Exchange sends one command and returns its whole answer. Data beyond 255
// bytes goes as a chain of short commands, which every card understands; an
// answer in parts (61xx) is collected; a wrong Le (6Cxx) is asked again once.
// It wipes its own copies of the data. An answer in one part is the link's own
// bytes: wiping it leaves none.
func Exchange(ctx context.Context, t Transmitter, c Command) (Response, error) {
	last, early, err := sendChain(ctx, t, c)
	if err != nil || early.Status != 0 {
		return early, err
	}
	r, err := send(ctx, t, last)
	if err == nil && r.Status&statusClassMask == StatusWrongLe {
		last.Le = orMax(int(r.Status&^statusClassMask), MaxShort)
		r, err = send(ctx, t, last)
	}
	if err != nil {
		return Response{}, err
	}
	return collect(ctx, t, last, r)
}

// sendChain sends all but the last link of a long command and returns the last
// one. A link that the card refuses ends the exchange: that answer is early.
func sendChain(ctx context.Context, t Transmitter, c Command) (last Command, early Response, err error) {
	for len(c.Data) > maxShortData {
		part := c
		part.CLA |= ClaChain
		part.Data, part.Le = c.Data[:maxShortData], 0
		r, err := send(ctx, t, part)
		if err != nil || r.Status != StatusOK {
			return c, r, err
		}
		c.Data = c.Data[maxShortData:]
	}
	return c, Response{}, nil
}

// collect fetches the parts of an answer that the card holds back.
func collect(ctx context.Context, t Transmitter, c Command, r Response) (Response, error) {
	if r.Status&statusClassMask != StatusMoreData {
		return r, nil
	}
	data := append([]byte(nil), r.Data...)
	for part := 1; r.Status&statusClassMask == StatusMoreData; part++ {
		if part > maxParts {
			return Response{}, fmt.Errorf("collecting the answer to command %02X: %w", c.INS, ErrMalformed)
		}
		more := Command{CLA: c.CLA &^ ClaChain, INS: InsGetResponse, Le: orMax(int(r.Status&^statusClassMask), MaxShort)}
		var err error
		if r, err = send(ctx, t, more); err != nil {
			return Response{}, err
		}
		data = append(data, r.Data...)
	}
	return Response{Data: data, Status: r.Status}, nil
}

func send(ctx context.Context, t Transmitter, c Command) (Response, error) {
	raw, err := c.Bytes()
	if err != nil {
		return Response{}, err
	}
	defer clear(raw)
	answer, err := t.Transmit(ctx, raw)
	if err != nil {
		return Response{}, fmt.Errorf("sending command %02X: %w", c.INS, err)
	}
	r, err := ParseResponse(answer)
	if err != nil {
		return Response{}, fmt.Errorf("command %02X: %w", c.INS, err)
	}
	return r, nil
}
