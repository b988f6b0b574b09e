// Package isoapplet is the profile of Java cards with the free applet
// IsoApplet: how the terminal names such a card, reads its counter, and sets
// its passcode with a PUK.
//
// Its words: the passcode is the applet's PIN; the PUK unblocks it and was
// chosen when the applet was set up, for good: the card takes no other, and
// tells its counter to nobody who does not spend a try. A card that was set up
// without a PUK answers as one whose PUK is used up.
//
// The card proves nothing of itself without a passcode, and the applet has no
// name of its own: the card is known by its chip (package cplc). Where its
// certificates are is said in its PKCS #15 files, which takes a dozen commands
// to find out: their dates are not read.
//
// The sources: the applet, by Philip Wendland (IsoApplet.java, versions 0.6 and
// 1.0, which treat the passcode alike), and OpenSC's
// src/libopensc/card-isoApplet.c, which leaves the passcode to ISO/IEC 7816-4.
package isoapplet

import (
	"context"
	"encoding/hex"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/cplc"
	"unlockpoint/reader/iso7816"
)

// Profile is the name of this profile in reader.Info.
const Profile = "isoapplet"

// aid names the applet (isoApplet_aid in card-isoApplet.c).
var aid = []byte{0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01}

// Transmitter carries one APDU to the card and its response back.
// A reader.Link is one.
type Transmitter = iso7816.Transmitter

// Card is a selected IsoApplet. It is not safe for concurrent use: a card
// answers one command at a time, and so does whoever owns it.
type Card struct{ link Transmitter }

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
	_, found, err := iso7816.Select(ctx, c.link, aid)
	if err != nil {
		return fmt.Errorf("selecting IsoApplet: %w", err)
	}
	if !found {
		return reader.ErrUnknownCard
	}
	return nil
}

// Rule is what the applet accepts as a passcode (PIN_MIN_LENGTH and
// PIN_MAX_LENGTH). It looks at no characters; only printable ASCII has one
// code that every keyboard agrees on.
func Rule() reader.Rule { return reader.Rule{Min: shortest, Max: longest} }

// Info reads what the card says about itself, in four commands after the one
// that selected the applet: two for the chip's name, one to come back, one for
// the counter. An applet that has no passcode yet is reader.ErrUnknownCard.
func (c *Card) Info(ctx context.Context) (reader.Info, error) {
	chip, err := cplc.Read(ctx, c.link)
	if err != nil {
		return reader.Info{}, fmt.Errorf("reading the card's id: %w", err)
	}
	if err := c.choose(ctx); err != nil {
		return reader.Info{}, err
	}
	info := reader.Info{
		Profile: Profile, ID: Profile + ":" + hex.EncodeToString(chip),
		Rule: Rule(), PUKTries: reader.Unknown,
	}
	if info.Tries, err = c.Tries(ctx); err == nil && info.Tries == reader.Unknown {
		err = fmt.Errorf("an applet that nobody has set up: %w", reader.ErrUnknownCard)
	}
	return info, err
}

// Prove returns reader.ErrNoProof: every key of the card wants a passcode.
func (c *Card) Prove(context.Context, [32]byte) (reader.Proof, error) {
	return reader.Proof{}, reader.ErrNoProof
}

// ChangePUK returns reader.ErrFixedPUK.
func (c *Card) ChangePUK(context.Context, []byte, []byte) (reader.Outcome, error) {
	return reader.Outcome{}, reader.ErrFixedPUK
}
