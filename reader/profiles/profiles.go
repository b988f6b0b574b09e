// Package profiles finds out which kind of card is in the reader.
//
// Its word: a [Profile] is a kind of card by name, and how to open one. A card
// may hold the applications of several profiles; they are tried in one order,
// by SELECT, as several kinds share an answer to reset.
package profiles

import (
	"context"

	"unlockpoint/reader"
	"unlockpoint/reader/authentic"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/piv"
)

// Profile is a kind of card.
type Profile struct {
	Name string
	// Open selects the profile's application, or returns
	// reader.ErrUnknownCard where the card has none.
	Open func(context.Context, iso7816.Transmitter) (reader.Card, error)
}

// All lists the profiles that are served, in the order in which they are
// tried.
func All() []Profile {
	return []Profile{
		{piv.Profile, piv.Open},
		{gids.Profile, gids.Open},
		{openpgp.Profile, openpgp.Open},
		{isoapplet.Profile, isoapplet.Open},
		{authentic.Profile, authentic.Open},
	}
}
