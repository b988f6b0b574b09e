// Package authentic is the profile of Oberthur's (now IDEMIA's) AuthentIC
// cards, version 5 of the applet's name: how the terminal names such a card,
// reads its counters, and sets its passcode.
//
// Its words: the passcode is the user PIN; the key that unblocks it is the PIN
// of the security officer, which opens a file on the card that holds the PUK.
// The PUK is read, used and forgotten; it stays the same for good.
//
// Passcode, officer's PIN and that file are in one folder, which is entered
// once after the applet was selected.
//
// There is one witness of these cards: OpenSC's src/libopensc/card-oberthur.c
// and pkcs15-oberthur.c. What they do not say is not known here, and no real
// card was tried. Of an unblock OpenSC 0.23 itself gets as far as the PUK: its
// last command is as the source has it for readers with keys, and was never
// seen on a wire.
//
// The card proves nothing of itself without a passcode, and is known by its
// chip (package cplc). Its certificates are found by a list of objects in a
// form of its own: their dates are not read.
package authentic

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/cplc"
	"unlockpoint/reader/iso7816"
)

// Profile is the name of this profile in reader.Info.
const Profile = "authentic"

// aid names the applet (aidAuthentIC_V5 in card-oberthur.c).
var aid = []byte{0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x03, 0x03, 0x00, 0x00, 0x00, 0xF1, 0x00, 0x00, 0x00, 0x02}

// Transmitter carries one APDU to the card and its response back.
// A reader.Link is one.
type Transmitter = iso7816.Transmitter

// Card is a selected AuthentIC card. It is not safe for concurrent use: a card
// answers one command at a time, and so does whoever owns it.
type Card struct {
	link   Transmitter
	inside bool // the folder of the passcode was entered
}

var _ reader.Card = (*Card)(nil)

// Open selects the applet. It returns reader.ErrUnknownCard for a card without
// it. The result is a [*Card], as an interface so that none is nil.
func Open(ctx context.Context, link Transmitter) (reader.Card, error) {
	c := &Card{link: link}
	if err := c.choose(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Card) choose(ctx context.Context) error {
	c.inside = false
	_, found, err := iso7816.Select(ctx, c.link, aid)
	if err != nil {
		return fmt.Errorf("selecting AuthentIC: %w", err)
	}
	if !found {
		return reader.ErrUnknownCard
	}
	return nil
}

// Info reads what the card says about itself, in seven commands after the one
// that selected the applet: two for the chip's name, one to come back, two to
// enter the folder, one for each counter. A card without that folder, or with
// no passcode in it, is reader.ErrUnknownCard.
func (c *Card) Info(ctx context.Context) (reader.Info, error) {
	chip, err := cplc.Read(ctx, c.link)
	if err != nil {
		return reader.Info{}, fmt.Errorf("reading the card's id: %w", err)
	}
	if err := c.choose(ctx); err != nil {
		return reader.Info{}, err
	}
	if err := c.enter(ctx); err != nil {
		return reader.Info{}, strange(err)
	}
	info := reader.Info{Profile: Profile, ID: Profile + ":" + hex.EncodeToString(chip), Rule: Rule()}
	if info.Tries, err = c.tries(ctx, refPasscode); err != nil {
		return reader.Info{}, err
	}
	if info.Tries == reader.Unknown {
		return reader.Info{}, fmt.Errorf("a card without a passcode: %w", reader.ErrUnknownCard)
	}
	info.PUKTries, err = c.tries(ctx, refOfficer)
	return info, err
}

// strange says that what a card answered makes it none that we know. A broken
// link says nothing about the card.
func strange(err error) error {
	if answered := (iso7816.StatusError{}); errors.As(err, &answered) {
		return fmt.Errorf("%w: %w", reader.ErrUnknownCard, err)
	}
	return err
}

// Prove returns reader.ErrNoProof: every key of the card wants a passcode.
func (c *Card) Prove(context.Context, [32]byte) (reader.Proof, error) {
	return reader.Proof{}, reader.ErrNoProof
}

// ChangePUK returns reader.ErrFixedPUK.
func (c *Card) ChangePUK(context.Context, []byte, []byte) (reader.Outcome, error) {
	return reader.Outcome{}, reader.ErrFixedPUK
}
