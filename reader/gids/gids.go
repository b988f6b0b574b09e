// Package gids is the profile of Microsoft's generic identity device cards,
// version 2 (GIDS): how the terminal names such a card, reads its counter and
// dates, and sets its passcode with a key that stays at the server.
//
// Its words: the passcode is what GIDS calls the primary card PIN; the admin
// key, a 3DES key, unblocks it and never leaves the server. Card and server
// each put a challenge to the other (ours, the card's); the server's answer to
// both lets the session set a passcode, and the card's half of the exchange
// says that it was the card, and no one else, that took the answer.
//
// That is the mutual form of the exchange, which every card has: drivers of
// Windows 7 know no other. A card that says so in its answer to SELECT (tag 40
// in tag 73) also has a single form, an empty challenge of ours and eight bytes
// of its own, by which the card proves nothing. It is not used here.
//
// The card's half ([Open], [Card]) needs only something that transmits APDUs.
// The server's half ([Challenge], [Answer], [HalfHolds]) is plain arithmetic.
// The package holds no card secrets.
//
// The sources: Microsoft's "Generic Identity Device Specification" version
// 2.0 (October 2012); and, where it leaves things open or is known to be wrong,
// OpenSC's src/libopensc/card-gids.c and the free applet GidsApplet, which
// agree with each other.
package gids

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Profile is the name of this profile in reader.Info.
const Profile = "gids"

// aid names the application, without its version (GIDS_AID in card-gids.c).
var aid = []byte{0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59}

// Transmitter carries one APDU to the card and its response back.
// A reader.Link is one.
type Transmitter = iso7816.Transmitter

// Card is a selected GIDS card. It is not safe for concurrent use: a card
// answers one command at a time, and so does whoever owns it.
type Card struct {
	link  Transmitter
	asked bool // the card's challenge is open: nothing was sent after it
}

var _ reader.Card = (*Card)(nil)

// Open selects the GIDS application. It returns reader.ErrUnknownCard for a
// card without one, and reader.ErrUnsupported for one of version 1, of which
// too little is known. The result is a [*Card], as an interface so that none
// is nil.
func Open(ctx context.Context, link Transmitter) (reader.Card, error) {
	answer, found, err := iso7816.Select(ctx, link, aid)
	switch {
	case err != nil:
		return nil, fmt.Errorf("selecting the GIDS application: %w", err)
	case !found:
		return nil, reader.ErrUnknownCard
	case version(answer) == 1:
		return nil, fmt.Errorf("GIDS version 1: %w", reader.ErrUnsupported)
	}
	return &Card{link: link}, nil
}

// version is the number behind the application's name in the answer to SELECT
// (61, in it 4F), or 0 where the card does not tell.
func version(answer []byte) byte {
	template, err := iso7816.FindIn(answer, 0x61)
	if err != nil {
		return 0
	}
	name, err := iso7816.FindIn(template, 0x4F)
	if err != nil || len(name) <= len(aid) {
		return 0
	}
	return name[len(aid)]
}

// send is the way of every command but the answer to the card's challenge,
// which whatever is sent in between closes.
func (c *Card) send(ctx context.Context, cmd iso7816.Command) (iso7816.Response, error) {
	c.asked = false
	return iso7816.Exchange(ctx, c.link, cmd)
}

// denied says that a card will not do this, today or ever: cards choose among
// all the status words for commands not allowed (69xx), wrong parameters
// (6Axx) and unknown instructions.
func denied(s iso7816.Status) bool {
	class := s >> 8
	return class == 0x69 || class == 0x6A || s == iso7816.StatusUnknownINS
}
