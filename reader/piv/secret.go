package piv

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Key references, SP 800-73-4 part 1, table 4b.
const (
	refPasscode = 0x80
	refPUK      = 0x81
)

// A secret fills eight bytes, padded with FF (SP 800-73-4 part 2, 2.4.3).
const (
	secretLength = 8
	padding      = 0xFF
)

// Verify checks the passcode; a wrong one costs a try.
func (c *Card) Verify(ctx context.Context, passcode []byte) (reader.Outcome, error) {
	return c.test(ctx, iso7816.InsVerify, refPasscode, passcode)
}

// Change replaces the passcode by a new one.
func (c *Card) Change(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	return c.test(ctx, iso7816.InsChangeReference, refPasscode, old, new)
}

// Unblock sets a new passcode and its full tries with the PUK.
func (c *Card) Unblock(ctx context.Context, puk, passcode []byte) (reader.Outcome, error) {
	return c.test(ctx, iso7816.InsResetRetry, refPasscode, puk, passcode)
}

// ChangePUK replaces the PUK.
func (c *Card) ChangePUK(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	return c.test(ctx, iso7816.InsChangeReference, refPUK, old, new)
}

// test sends secrets in one command. A secret that cannot be put into the
// card's eight bytes is Refused without asking the card.
func (c *Card) test(ctx context.Context, ins, ref byte, secrets ...[]byte) (reader.Outcome, error) {
	data := make([]byte, 0, len(secrets)*secretLength)
	defer func() { clear(data[:cap(data)]) }()
	for _, secret := range secrets {
		if len(secret) == 0 || len(secret) > secretLength {
			return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}, nil
		}
		data = append(data, secret...)
		for range secretLength - len(secret) {
			data = append(data, padding)
		}
	}
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: ins, P2: ref, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("testing a secret: %w", err)
	}
	if ref == refPasscode && ins != iso7816.InsResetRetry {
		return iso7816.Told(ctx, c.link, ins, ref, r.Status)
	}
	return r.Status.Outcome(ins) // the PUK's counter cannot be asked for
}
