package authentic

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// References of secrets (OBERTHUR_PIN_REFERENCE_USER and _PUK in
// card-oberthur.c). CHANGE REFERENCE DATA and RESET RETRY COUNTER want them
// without the bit for "of this folder" (auth_pin_change,
// auth_pin_reset_oberthur_style).
const (
	local       = 0x80
	refPasscode = 0x01
	refOfficer  = 0x04
)

// The forms of secrets (auth_init_pin_info in card-oberthur.c, and the entries
// of pkcs15-oberthur.c): passcodes fill 64 bytes, padded with FF; the PUK is 16.
const (
	shortest      = 4
	longest       = 8 // people's; the card would take 64 characters
	longestSecret = 64
	padding       = 0xFF
	lengthPUK     = 16
)

// Rule is what the terminal sets on such a card.
func Rule() reader.Rule { return reader.Rule{Min: shortest, Max: longest} }

// Tries asks for the passcode tries left.
func (c *Card) Tries(ctx context.Context) (int, error) {
	if err := c.enter(ctx); err != nil {
		return 0, err
	}
	return c.tries(ctx, refPasscode)
}

// tries asks with an empty VERIFY (auth_pin_is_verified). Unknown means that the
// secret is verified, or not there.
func (c *Card) tries(ctx context.Context, ref byte) (int, error) {
	tries, err := iso7816.Tries(ctx, c.link, ref|local)
	if said, ok := errors.AsType[iso7816.StatusError](err); ok && said.Status == iso7816.StatusNoReference {
		return reader.Unknown, nil
	}
	return tries, err
}

// Verify checks the passcode; a wrong one costs a try.
func (c *Card) Verify(ctx context.Context, passcode []byte) (reader.Outcome, error) {
	if !fits(passcode, longestSecret) {
		return refused(), nil
	}
	return c.verify(ctx, refPasscode, passcode)
}

func (c *Card) verify(ctx context.Context, ref byte, secret []byte) (reader.Outcome, error) {
	if err := c.enter(ctx); err != nil {
		return reader.Outcome{}, err
	}
	data := padded(nil, secret)
	defer clear(data)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: iso7816.InsVerify, P2: ref | local, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("testing a secret: %w", err)
	}
	return iso7816.Told(ctx, c.link, iso7816.InsVerify, ref|local, r.Status)
}

// Change replaces the passcode by a new one.
func (c *Card) Change(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	if !fits(old, longestSecret) || !fits(new, longest) {
		return refused(), nil
	}
	if err := c.enter(ctx); err != nil {
		return reader.Outcome{}, err
	}
	return c.set(ctx, iso7816.InsChangeReference, padded(nil, old), new)
}

// Unblock sets a new passcode: the officer's PIN opens the file with the PUK,
// which is read and used. Outcome.Tries is the officer's; Blocked is also a
// card whose PUK has no tries left.
func (c *Card) Unblock(ctx context.Context, officer, passcode []byte) (reader.Outcome, error) {
	if !fits(officer, longestSecret) || !fits(passcode, longest) {
		return refused(), nil
	}
	o, err := c.verify(ctx, refOfficer, officer)
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	puk, err := c.readPUK(ctx)
	if err != nil {
		return reader.Outcome{}, err
	}
	o, err = c.set(ctx, iso7816.InsResetRetry, puk, passcode)
	if err == nil && o.Result == reader.Wrong { // which says nothing of the officer's PIN
		return reader.Outcome{}, errors.New("setting the passcode: the card does not take its own PUK")
	}
	return o, err
}

// set sends what the card is to be convinced with, which it wipes, and a new
// passcode.
func (c *Card) set(ctx context.Context, ins byte, key, passcode []byte) (reader.Outcome, error) {
	data := padded(key, passcode)
	defer clear(data)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: ins, P2: refPasscode, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("setting the passcode: %w", err)
	}
	if ins == iso7816.InsResetRetry {
		return r.Status.Outcome(ins)
	}
	return iso7816.Told(ctx, c.link, ins, refPasscode|local, r.Status)
}

func refused() reader.Outcome {
	return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}
}

// fits says that a secret is one that the card can have and a keyboard can
// type.
func fits(secret []byte, most int) bool {
	for _, b := range secret {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return len(secret) >= shortest && len(secret) <= most
}

// padded is data, which it wipes, and a secret that fills its bytes behind it.
func padded(data, secret []byte) []byte {
	all := append(make([]byte, 0, len(data)+longestSecret), data...)
	all = append(all, secret...)
	for range longestSecret - len(secret) {
		all = append(all, padding)
	}
	clear(data)
	return all
}
