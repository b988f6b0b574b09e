package gids

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// ErrNotAsked says that the card waits for no answer: Prove was not called, or
// something was sent since.
var ErrNotAsked = errors.New("the card's challenge is not open any more")

// The commands of the exchange, gids_authenticate_admin in card-gids.c.
const (
	insManage     = 0x22 // MANAGE SECURITY ENVIRONMENT, ISO/IEC 7816-4:2020, 11.5.11
	setVerifying  = 0xC1 // its P1: SET, for authentication of the outer world and by it
	authenticates = 0xA4 // its P2: the template for authentication
	withoutKey    = 0x02 // P1 of RESET RETRY COUNTER: the new passcode alone

	tagExchange  = 0x7C // around both of:
	tagChallenge = 0x81
	tagResponse  = 0x82
)

// useAdminKey names the admin key, number 80.
var useAdminKey = []byte{0x83, 0x01, 0x80}

// Prove puts the challenge that the digest begins with to the card and returns
// the card's own, for [Answer]: two commands. A card that knows no admin key,
// or only the single form, has no proof.
func (c *Card) Prove(ctx context.Context, digest [32]byte) (reader.Proof, error) {
	r, err := c.send(ctx, iso7816.Command{INS: insManage, P1: setVerifying, P2: authenticates, Data: useAdminKey})
	if err == nil {
		err = unproven(r.Status, insManage)
	}
	if err != nil {
		return reader.Proof{}, fmt.Errorf("choosing the admin key: %w", err)
	}
	challenge, err := c.exchange(ctx, tagChallenge, Challenge(digest))
	if err != nil {
		return reader.Proof{}, fmt.Errorf("asking for the card's challenge: %w", err)
	}
	if len(challenge) != challengeLength {
		return reader.Proof{}, fmt.Errorf("the card's challenge: %w", iso7816.ErrMalformed)
	}
	c.asked = true
	return reader.Proof{Challenge: challenge}, nil
}

// exchange is one GENERAL AUTHENTICATE: an object there, the same kind back.
func (c *Card) exchange(ctx context.Context, tag uint32, value []byte) ([]byte, error) {
	r, err := c.send(ctx, authenticate(tag, value))
	if err == nil {
		err = unproven(r.Status, iso7816.InsAuthenticate)
	}
	if err != nil {
		return nil, err
	}
	return inTemplate(r.Data, tag)
}

func authenticate(tag uint32, value []byte) iso7816.Command {
	inner := iso7816.AppendObject(nil, tag, value)
	defer clear(inner)
	return iso7816.Command{
		INS: iso7816.InsAuthenticate, Data: iso7816.AppendObject(nil, tagExchange, inner), Le: iso7816.MaxShort,
	}
}

func inTemplate(answer []byte, tag uint32) ([]byte, error) {
	template, err := iso7816.FindIn(answer, tagExchange)
	if err != nil {
		return nil, err
	}
	return iso7816.FindIn(template, tag)
}

func unproven(s iso7816.Status, ins byte) error {
	if denied(s) {
		return fmt.Errorf("%w: %w", reader.ErrNoProof, s.Err(ins))
	}
	return s.Err(ins)
}

// Unblock gives the card the server's answer to its challenge, the key, and
// sets a new passcode: two commands. It returns ErrNotAsked, and sends nothing,
// unless Prove was the last call before it. Outcome.Half is the card's, also
// where it refused the passcode. Tries of the admin key are told by cards that
// count them.
func (c *Card) Unblock(ctx context.Context, key, passcode []byte) (reader.Outcome, error) {
	if len(key) != cryptogramLength || !fits(passcode) {
		return refused(), nil
	}
	if !c.asked {
		return reader.Outcome{}, ErrNotAsked
	}
	o, err := c.answer(ctx, key)
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	half := o.Half
	r, err := c.send(ctx, iso7816.Command{INS: iso7816.InsResetRetry, P1: withoutKey, P2: refPasscode, Data: passcode})
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("setting the passcode: %w", err)
	}
	o, err = setOutcome(r.Status, iso7816.InsResetRetry)
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("setting the passcode: %w", err)
	}
	o.Half = half
	return o, nil
}

// answer sends the server's answer, which counts once, and returns the card's
// half.
func (c *Card) answer(ctx context.Context, cryptogram []byte) (reader.Outcome, error) {
	cmd := authenticate(tagResponse, cryptogram)
	defer clear(cmd.Data)
	r, err := c.send(ctx, cmd)
	switch {
	case err != nil:
		return reader.Outcome{}, fmt.Errorf("answering the card: %w", err)
	case r.Status == iso7816.StatusNotAllowed: // another key, or another challenge
		return reader.Outcome{Result: reader.Wrong, Tries: reader.Unknown}, nil
	case r.Status == iso7816.StatusWrongData: // which Outcome would take for a refused passcode
		return reader.Outcome{}, fmt.Errorf("answering the card: %w", r.Status.Err(iso7816.InsAuthenticate))
	}
	o, err := r.Status.Outcome(iso7816.InsAuthenticate)
	if err != nil || o.Result != reader.OK {
		return o, err
	}
	if o.Half, err = inTemplate(r.Data, tagResponse); err == nil && len(o.Half) != cryptogramLength {
		err = iso7816.ErrMalformed
	}
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("the card's half: %w", err)
	}
	return o, nil
}
