package piv

import (
	"bytes"
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

var _ reader.PadCard = (*Card)(nil)

// VerifyAtPad is Verify with the passcode typed at the keys of the reader. It
// returns reader.ErrNoPad where the reader has none for it. After an error of
// the keys (reader.ErrPadTimeout and its like) no try was spent.
func (c *Card) VerifyAtPad(ctx context.Context) (reader.Outcome, error) {
	return c.atPad(ctx, iso7816.InsVerify, reader.Entry{Block: secretLength, Rule: Rule()})
}

// ChangeAtPad is Change with both passcodes typed at the keys of the reader,
// the new one twice.
func (c *Card) ChangeAtPad(ctx context.Context, rule reader.Rule) (reader.Outcome, error) {
	return c.atPad(ctx, iso7816.InsChangeReference, reader.Entry{Block: secretLength, Change: true, New: secretLength, Rule: rule})
}

// atPad has a command completed that is all padding.
func (c *Card) atPad(ctx context.Context, ins byte, e reader.Entry) (reader.Outcome, error) {
	pad, ok := padOf(c.link)
	if !ok {
		return reader.Outcome{}, reader.ErrNoPad
	}
	data := bytes.Repeat([]byte{padding}, e.New+secretLength)
	var err error
	if e.Command, err = (iso7816.Command{INS: ins, P2: refPasscode, Data: data}).Bytes(); err != nil {
		return reader.Outcome{}, err
	}
	answer, err := pad.Enter(ctx, e)
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("having a secret typed: %w", err)
	}
	r, err := iso7816.ParseResponse(answer)
	if err != nil {
		return reader.Outcome{}, fmt.Errorf("having a secret typed: %w", err)
	}
	return iso7816.Told(ctx, c.link, ins, refPasscode, r.Status)
}

// padOf looks for keys under whatever else a link is wrapped in.
func padOf(link Transmitter) (reader.PinPad, bool) {
	for {
		if pad, ok := link.(reader.PinPad); ok {
			return pad, true
		}
		outer, ok := link.(interface{ Unwrap() Transmitter })
		if !ok {
			return nil, false
		}
		link = outer.Unwrap()
	}
}
