package isoapplet

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// The applet has one passcode, number 1, and its PUK (IsoApplet.java). Both
// fill 16 bytes, the passcode padded with zeros.
const (
	refPasscode = 0x01
	shortest    = 4
	longest     = 16
	lengthPUK   = 16
)

// Tries asks for the passcode tries left with an empty VERIFY. A blocked card
// says 63C0; a verified passcode changes nothing (processVerify). Unknown means
// that there is no passcode yet.
func (c *Card) Tries(ctx context.Context) (int, error) {
	return iso7816.Tries(ctx, c.link, refPasscode)
}

// Verify checks the passcode; a wrong one costs a try.
func (c *Card) Verify(ctx context.Context, passcode []byte) (reader.Outcome, error) {
	if !fits(passcode) {
		return refused(), nil
	}
	return c.test(ctx, iso7816.InsVerify, passcode)
}

// Change replaces the passcode by a new one.
func (c *Card) Change(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	if !fits(old) || !fits(new) {
		return refused(), nil
	}
	return c.test(ctx, iso7816.InsChangeReference, old, new)
}

// Unblock sets a new passcode and its full tries with the PUK, in one command.
// A new passcode that the applet would take and no keyboard could type is
// Refused without asking the card.
func (c *Card) Unblock(ctx context.Context, puk, passcode []byte) (reader.Outcome, error) {
	if len(puk) != lengthPUK || !fits(passcode) {
		return refused(), nil
	}
	return c.test(ctx, iso7816.InsResetRetry, puk, passcode)
}

func refused() reader.Outcome {
	return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}
}

// fits says that a passcode is one the applet can have.
func fits(passcode []byte) bool {
	for _, b := range passcode {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return len(passcode) >= shortest && len(passcode) <= longest
}

// test sends secrets in one command, each in 16 bytes.
func (c *Card) test(ctx context.Context, ins byte, secrets ...[]byte) (reader.Outcome, error) {
	data := make([]byte, len(secrets)*longest)
	defer clear(data)
	for i, secret := range secrets {
		copy(data[i*longest:], secret)
	}
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: ins, P2: refPasscode, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("testing a secret: %w", err)
	}
	if ins == iso7816.InsResetRetry {
		return r.Status.Outcome(ins) // the PUK's counter cannot be asked for
	}
	return iso7816.Told(ctx, c.link, ins, refPasscode, r.Status)
}
