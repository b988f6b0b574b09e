// Package piv is the profile of PIV cards (NIST SP 800-73-4): how the terminal
// names such a card, reads its counters and dates, sets its passcode, and has
// it prove that it is there.
//
// Its words: the passcode is what PIV calls the PIV card application PIN; the
// PUK unblocks it; key 9E, the card authentication key, signs without a
// passcode, and its certificate names the card.
//
// The card's half ([Open], [Card]) needs only something that transmits APDUs.
// The server's half ([VerifyProof], [PUK]) is plain arithmetic. The package holds no card secrets and keeps no state but the
// certificate it has read.
package piv

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Profile is the name of this profile in reader.Info.
const Profile = "piv"

// aid names the application: SP 800-73-4 part 1, 2.2, without its version.
var aid = []byte{0xA0, 0x00, 0x00, 0x03, 0x08}

// Transmitter carries one APDU to the card and its response back.
// A reader.Link is one.
type Transmitter = iso7816.Transmitter

// Card is a selected PIV card. It is not safe for concurrent use: a card
// answers one command at a time, and so does whoever owns it.
type Card struct {
	link    Transmitter
	noLong  bool // the card refused an extended command
	witness *witness
}

var _ reader.Card = (*Card)(nil)

// Open selects the PIV application. It returns reader.ErrUnknownCard for a
// card without one. The result is a [*Card], as an interface so that none is
// nil.
func Open(ctx context.Context, link Transmitter) (reader.Card, error) {
	_, found, err := iso7816.Select(ctx, link, aid)
	if err != nil {
		return nil, fmt.Errorf("selecting the PIV application: %w", err)
	}
	if !found {
		return nil, reader.ErrUnknownCard
	}
	return &Card{link: link}, nil
}

// denied says that a card will not do this, today or ever: cards without an
// object, key or instruction choose among all the status words for commands
// not allowed (69xx), wrong parameters (6Axx) and unknown instructions.
func denied(s iso7816.Status) bool {
	class := s >> 8
	return class == 0x69 || class == 0x6A || s == iso7816.StatusUnknownINS
}

// errMissing says that the card does not hold a data object.
var errMissing = errors.New("the card holds no such object")

// read returns the value inside the 53 of a data object (SP 800-73-4 part 2,
// 3.1.2). It asks for a long answer, one command instead of many, until the
// card says that it cannot.
func (c *Card) read(ctx context.Context, object uint32) ([]byte, error) {
	cmd := iso7816.Command{
		INS: iso7816.InsGetData, P1: 0x3F, P2: 0xFF,
		Data: iso7816.AppendObject(nil, 0x5C, []byte{byte(object >> 16), byte(object >> 8), byte(object)}),
		Le:   iso7816.MaxExtended,
	}
	if c.noLong {
		cmd.Le = iso7816.MaxShort
	}
	r, err := iso7816.Exchange(ctx, c.link, cmd)
	if err == nil && r.Status == iso7816.StatusWrongLength && !c.noLong {
		c.noLong = true
		return c.read(ctx, object)
	}
	switch {
	case err != nil:
		return nil, err
	case denied(r.Status):
		return nil, errMissing
	case r.Status != iso7816.StatusOK:
		return nil, r.Status.Err(cmd.INS)
	}
	return iso7816.FindIn(r.Data, 0x53)
}
