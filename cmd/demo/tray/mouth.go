package tray

import (
	"context"

	"unlockpoint/reader/simcard"
)

// Direct is the mouth of a reader in this process.
type Direct struct{ Slot *simcard.Slot }

var _ Mouth = Direct{}

// Insert puts a card in.
func (d Direct) Insert(_ context.Context, card *simcard.Card) error {
	d.Slot.Insert(card)
	return nil
}

// Remove takes the card out.
func (d Direct) Remove(context.Context) error {
	d.Slot.Remove()
	return nil
}
