package openpgp

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// References of passcodes in P2, 7.2.2 to 7.2.4. PW1 is one passcode with one
// counter and two uses: verified as 81 it is good for signatures alone, as 82
// for everything else. A log-in has the card authenticate itself (7.2.13),
// which wants 82. It is set and replaced as 81.
const (
	refPW1      = 0x81
	refPW1Other = 0x82
	refPW3      = 0x83

	byAdmin = 0x02 // P1 of RESET RETRY COUNTER: after PW3
)

func refused() reader.Outcome {
	return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}
}

// Verify checks the passcode; a wrong one costs a try.
func (c *Card) Verify(ctx context.Context, passcode []byte) (reader.Outcome, error) {
	a, fit, err := c.prepare(ctx, nil, [][]byte{passcode})
	if err != nil {
		return reader.Outcome{}, err
	}
	if !fit {
		return refused(), nil
	}
	return c.verify(ctx, refPW1Other, a.passcode(passcode))
}

// verify sends one secret, which it wipes. What a card answers to a wrong one
// says little, and often the same of a blocked one: its counters say the rest.
func (c *Card) verify(ctx context.Context, ref byte, secret []byte) (reader.Outcome, error) {
	defer clear(secret)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: iso7816.InsVerify, P2: ref, Data: secret})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("testing a secret: %w", err)
	}
	_, counted := r.Status.Tries()
	switch s := r.Status; {
	case s == iso7816.StatusOK:
		return reader.Outcome{Result: reader.OK, Tries: reader.Unknown}, nil
	case counted, s == iso7816.StatusNoCount, s == iso7816.StatusNotAllowed, s == iso7816.StatusBlocked,
		s == iso7816.StatusWrongLength, s == iso7816.StatusWrongData: // a length that is not this secret's
		return c.wrong(ctx, ref)
	}
	return reader.Outcome{}, r.Status.Err(iso7816.InsVerify)
}

// wrong is the outcome of a secret that is not the card's.
func (c *Card) wrong(ctx context.Context, ref byte) (reader.Outcome, error) {
	s, err := c.readStatus(ctx)
	if err != nil {
		return reader.Outcome{}, err
	}
	o := reader.Outcome{Result: reader.Wrong, Tries: s.tries}
	if ref == refPW3 {
		o.Tries = s.adminTries
	}
	if o.Tries == 0 {
		o.Result = reader.Blocked
	}
	return o, nil
}

// Change replaces the passcode by a new one.
func (c *Card) Change(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	a, fit, err := c.prepare(ctx, nil, [][]byte{old, new})
	if err != nil {
		return reader.Outcome{}, err
	}
	if !fit {
		return refused(), nil
	}
	o, err := c.verify(ctx, refPW1Other, a.passcode(old))
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	return c.replace(ctx, refPW1, a.passcode(old), a.passcode(new))
}

// ChangePUK replaces the admin PIN.
func (c *Card) ChangePUK(ctx context.Context, old, new []byte) (reader.Outcome, error) {
	a, fit, err := c.prepare(ctx, [][]byte{old, new}, nil)
	if err != nil {
		return reader.Outcome{}, err
	}
	if !fit {
		return refused(), nil
	}
	o, err := c.verify(ctx, refPW3, a.admin(old))
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	return c.replace(ctx, refPW3, a.admin(old), a.admin(new))
}

// replace puts a new secret in the place of one that was verified by a command
// of its own: CHANGE REFERENCE DATA takes both without a mark in between
// (7.2.3), and the card cuts at the length of the one it has. An old one that
// only begins like it would be taken for right, and its rest become the
// beginning of the new one: of an admin PIN that nobody knows. Both are wiped.
func (c *Card) replace(ctx context.Context, ref byte, old, new []byte) (reader.Outcome, error) {
	defer clear(old)
	defer clear(new)
	data := append(append(make([]byte, 0, len(old)+len(new)), old...), new...)
	defer clear(data)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: iso7816.InsChangeReference, P2: ref, Data: data})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("replacing a secret: %w", err)
	}
	return setOutcome(r.Status, iso7816.InsChangeReference)
}

// setOutcome is that of a command that sets a secret when everything has been
// tested: the new value is the one thing the card can still object to.
func setOutcome(s iso7816.Status, ins byte) (reader.Outcome, error) {
	switch s {
	case iso7816.StatusOK:
		return reader.Outcome{Result: reader.OK, Tries: reader.Unknown}, nil
	case iso7816.StatusWrongLength, iso7816.StatusWrongData:
		return refused(), nil
	}
	return reader.Outcome{}, s.Err(ins)
}

// Unblock sets a new passcode and its full tries: the admin PIN, then RESET
// RETRY COUNTER. On a card that was asked for Info these two commands are all.
// Outcome.Tries is the admin PIN's.
func (c *Card) Unblock(ctx context.Context, admin, passcode []byte) (reader.Outcome, error) {
	a, fit, err := c.prepare(ctx, [][]byte{admin}, [][]byte{passcode})
	if err != nil {
		return reader.Outcome{}, err
	}
	if !fit {
		return refused(), nil
	}
	o, err := c.verify(ctx, refPW3, a.admin(admin))
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	secret := a.passcode(passcode)
	defer clear(secret)
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: iso7816.InsResetRetry, P1: byAdmin, P2: refPW1, Data: secret})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("setting the passcode: %w", err)
	}
	return setOutcome(r.Status, iso7816.InsResetRetry)
}
