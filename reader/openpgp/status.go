package openpgp

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// status is what a card says of its passcodes.
type status struct {
	tries, adminTries int
	most, mostAdmin   int // bytes of PW1 and PW3
}

// parseStatus reads PW status bytes, 4.4.1: whether PW1 is good for one
// signature, the most bytes of PW1, resetting code and PW3, the tries of each.
func parseStatus(word []byte) (status, error) {
	const length = 7
	const block, size = 0x80, 0x7F // PIN block format 2 instead of characters; how many
	if len(word) != length {
		return status{}, fmt.Errorf("PW status: %w", iso7816.ErrMalformed)
	}
	s := status{
		tries: int(word[4]), adminTries: int(word[6]),
		most: int(word[1] & size), mostAdmin: int(word[3] & size),
	}
	switch {
	case (word[1]|word[3])&block != 0:
		return status{}, fmt.Errorf("an OpenPGP card whose passcodes are PIN blocks: %w", reader.ErrUnsupported)
	case s.most < shortest || s.mostAdmin < shortestAdmin:
		return status{}, fmt.Errorf("PW status: %w", iso7816.ErrMalformed)
	}
	return s, nil
}

// Tries asks for the passcode tries left: the card tells whether or not a
// passcode is verified.
func (c *Card) Tries(ctx context.Context) (int, error) {
	s, err := c.readStatus(ctx)
	return s.tries, err
}

func (c *Card) readStatus(ctx context.Context) (status, error) {
	word, _, err := c.read(ctx, objectStatus)
	if err != nil {
		return status{}, fmt.Errorf("reading the counters: %w", err)
	}
	s, err := parseStatus(unwrap(word, objectStatus))
	if err != nil {
		return status{}, fmt.Errorf("reading the counters: %w", err)
	}
	return s, nil
}
