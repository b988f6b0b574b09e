// Package openpgp is the profile of OpenPGP cards, version 3.4 of the
// specification (https://gnupg.org/ftp/specs/) and those before it down to 2.0:
// how the terminal names such a card, reads its counters and dates, and sets
// its passcode.
//
// Its words: the passcode is what OpenPGP calls PW1; the key that unblocks it
// is PW3, the admin PIN, whose counter can be read and which can be replaced. A
// card with KDF is sent digests of passcodes instead of passcodes.
//
// A card may also have a resetting code, which unblocks PW1 in one command
// less. It is not used: most cards have none, it could only be replaced with
// PW3, and whoever keeps PW3 for that needs no other key.
//
// The card proves nothing of itself without a passcode.
//
// The sources: the specification, by its sections in the comments; where cards
// differ, OpenSC's src/libopensc/card-openpgp.c and GnuPG's scd/app-openpgp.c.
package openpgp

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Profile is the name of this profile in reader.Info.
const Profile = "openpgp"

// aid names the application, without version and serial number (4.2.1).
var aid = []byte{0xD2, 0x76, 0x00, 0x01, 0x24, 0x01}

// Transmitter carries one APDU to the card and its response back.
// A reader.Link is one.
type Transmitter = iso7816.Transmitter

// Card is a selected OpenPGP card. It is not safe for concurrent use: a card
// answers one command at a time, and so does whoever owns it.
type Card struct {
	link  Transmitter
	about *about // what the card said of itself; nil until it was asked
}

var _ reader.Card = (*Card)(nil)

// Open selects the application. It returns reader.ErrUnknownCard for a card
// without it. The result is a [*Card], as an interface so that none is nil.
func Open(ctx context.Context, link Transmitter) (reader.Card, error) {
	_, found, err := iso7816.Select(ctx, link, aid)
	if err != nil {
		return nil, fmt.Errorf("selecting the OpenPGP application: %w", err)
	}
	if !found {
		return nil, reader.ErrUnknownCard
	}
	return &Card{link: link}, nil
}

// Data objects, 4.4.1.
const (
	objectApplication = 0x006E // application related data
	objectStatus      = 0x00C4 // PW status bytes
	objectKDF         = 0x00F9
	objectCertificate = 0x7F21 // of the authentication key, where it was stored
)

// insGetData is GET DATA with a tag in P1 and P2, 7.2.6.
const insGetData = 0xCA

func get(object uint16) iso7816.Command {
	return iso7816.Command{INS: insGetData, P1: byte(object >> 8), P2: byte(object), Le: iso7816.MaxShort}
}

// read returns the value of a data object, and whether the card has it: cards
// say in several ways that they have none.
func (c *Card) read(ctx context.Context, object uint16) (value []byte, found bool, err error) {
	r, err := iso7816.Exchange(ctx, c.link, get(object))
	if err != nil {
		return nil, false, err
	}
	const none, noneToo = 0x6A, 0x6B // a wrong reference, or wrong parameters
	if class := r.Status >> 8; class == none || class == noneToo || r.Status == iso7816.StatusUnknownINS {
		return nil, false, nil
	}
	return r.Data, true, r.Status.Err(insGetData)
}

// Prove returns reader.ErrNoProof: every key of the card wants a passcode.
func (c *Card) Prove(context.Context, [32]byte) (reader.Proof, error) {
	return reader.Proof{}, reader.ErrNoProof
}
