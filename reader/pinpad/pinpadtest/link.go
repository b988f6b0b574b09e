package pinpadtest

import (
	"context"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad"
)

// Link is a link to the card in the reader.
type Link struct {
	reader.Link
	keys   *Reader
	device pinpad.Device
}

var _ reader.PinPad = Link{}

// At is the link to a card that lies in the reader.
func At(ctx context.Context, link reader.Link, keys *Reader) Link {
	keys.Card = link
	return Link{link, keys, pinpad.Find(ctx, keys)}
}

// Pad says what the keys can do.
func (l Link) Pad() reader.Pad { return l.device.Pad() }

// Enter has the person type.
func (l Link) Enter(ctx context.Context, e reader.Entry) ([]byte, error) {
	return l.device.Enter(ctx, l.keys, e)
}
