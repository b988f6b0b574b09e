package gids

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Rule is what a card accepts as a passcode (gids_get_pin_policy in
// card-gids.c). It looks at the length alone; only printable ASCII has one
// code that every keyboard agrees on.
func Rule() reader.Rule { return reader.Rule{Min: shortest, Max: longest} }

// Info reads what the card says about itself, in four or five commands after
// the one that selected it.
func (c *Card) Info(ctx context.Context) (reader.Info, error) {
	id, err := c.id(ctx)
	if err != nil {
		return reader.Info{}, err
	}
	info := reader.Info{Profile: Profile, ID: id, Rule: Rule(), PUKTries: reader.Unknown, Asks: true}
	if info.Tries, err = c.Tries(ctx); err != nil {
		return reader.Info{}, err
	}
	if info.NotBefore, info.NotAfter, err = c.dates(ctx); err != nil {
		return reader.Info{}, err
	}
	return info, nil
}

func (c *Card) id(ctx context.Context) (string, error) {
	value, err := c.read(ctx, placeCardID)
	switch {
	case errors.Is(err, errMissing):
		return "", fmt.Errorf("a GIDS card that was never initialised: %w", reader.ErrUnknownCard)
	case err != nil:
		return "", fmt.Errorf("reading the card's id: %w", err)
	}
	return nameCard(value)
}

// lengthCardID is that of the file cardid, a GUID in the minidriver
// specification.
const lengthCardID = 16

// nameCard makes the id that central knows the card by. All zeros are the name
// of every card that nobody named.
func nameCard(cardID []byte) (string, error) {
	if len(cardID) != lengthCardID || len(bytes.Trim(cardID, "\x00")) == 0 {
		return "", fmt.Errorf("a card id that is none: %w: %w", reader.ErrUnknownCard, iso7816.ErrMalformed)
	}
	return Profile + ":" + hex.EncodeToString(cardID), nil
}

// Tags in the card's word on a passcode, gids_get_pin_status in card-gids.c.
const (
	tagTries    = 0x97
	tagTriesOld = 0x9F17 // of early cards
)

// Tries asks for the passcode tries left: the card tells whether or not a
// passcode is verified.
func (c *Card) Tries(ctx context.Context) (int, error) {
	value, err := c.read(ctx, placePasscode)
	if errors.Is(err, errMissing) {
		return reader.Unknown, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the passcode tries: %w", err)
	}
	tries, err := parseTries(value)
	if err != nil {
		return 0, fmt.Errorf("reading the passcode tries: %w", err)
	}
	return tries, nil
}

func parseTries(value []byte) (int, error) {
	objects, err := iso7816.ParseObjects(value)
	if err != nil {
		return 0, err
	}
	left, ok := iso7816.Find(objects, tagTries)
	if !ok {
		left, ok = iso7816.Find(objects, tagTriesOld)
	}
	if !ok || len(left) != 1 {
		return 0, fmt.Errorf("no counter: %w", iso7816.ErrMalformed)
	}
	return int(left[0]), nil
}
