package gids

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// refPasscode is the primary card PIN (GIDS_PIN_IDENTIFIER in card-gids.c).
const refPasscode = 0x80

// The shortest and longest passcode (gids_get_pin_policy in card-gids.c).
// Passcodes are sent as they are, without padding.
const (
	shortest = 4
	longest  = 16
)

func refused() reader.Outcome {
	return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}
}

// sized says that a passcode may be the card's present one: cards answer
// others without testing them, in words that look like a wrong passcode.
func sized(passcode []byte) bool { return len(passcode) >= shortest && len(passcode) <= longest }

// fits says that a passcode may be the card's next one.
func fits(passcode []byte) bool {
	for _, b := range passcode {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return sized(passcode)
}

// Verify checks the passcode; a wrong one costs a try.
func (c *Card) Verify(ctx context.Context, passcode []byte) (reader.Outcome, error) {
	if !sized(passcode) {
		return refused(), nil
	}
	r, err := c.send(ctx, iso7816.Command{INS: iso7816.InsVerify, P2: refPasscode, Data: passcode})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("verifying the passcode: %w", err)
	}
	if r.Status == iso7816.StatusNotAllowed {
		return c.wrong(ctx)
	}
	return r.Status.Outcome(iso7816.InsVerify)
}

// wrong is the outcome where the card's status word says no more: its counter
// does.
func (c *Card) wrong(ctx context.Context) (reader.Outcome, error) {
	tries, err := c.Tries(ctx)
	if err != nil {
		return reader.Outcome{}, err
	}
	result := reader.Wrong
	if tries == 0 {
		result = reader.Blocked
	}
	return reader.Outcome{Result: result, Tries: tries}, nil
}

// Change replaces the passcode by a new one. The old one is verified by a
// command of its own: CHANGE REFERENCE DATA takes both without a mark in
// between, and cards cut at the length of the passcode they have. An old one
// that only begins like it would be taken for right, and its rest become the
// beginning of the new one (GidsApplet, processChangeReferenceData).
func (c *Card) Change(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	if !fits(new) {
		return refused(), nil
	}
	o, err := c.Verify(ctx, old)
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	data := append(append(make([]byte, 0, 2*longest), old...), new...)
	defer clear(data)
	r, err := c.send(ctx, iso7816.Command{INS: iso7816.InsChangeReference, P2: refPasscode, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("changing the passcode: %w", err)
	}
	return setOutcome(r.Status, iso7816.InsChangeReference)
}

// setOutcome is that of a command that sets a passcode when everything has
// been tested: the length is the one thing the card can still object to.
func setOutcome(s iso7816.Status, ins byte) (reader.Outcome, error) {
	switch s {
	case iso7816.StatusOK:
		return reader.Outcome{Result: reader.OK, Tries: reader.Unknown}, nil
	case iso7816.StatusWrongLength, iso7816.StatusWrongData:
		return refused(), nil
	}
	return reader.Outcome{}, s.Err(ins)
}

// ChangePUK returns reader.ErrFixedPUK: the admin key is not the terminal's to
// change.
func (c *Card) ChangePUK(context.Context, []byte, []byte) (reader.Outcome, error) {
	return reader.Outcome{}, reader.ErrFixedPUK
}
