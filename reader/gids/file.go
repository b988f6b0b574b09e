package gids

import (
	"context"
	"errors"

	"unlockpoint/reader/iso7816"
)

// place is where a file of the card is kept: a data object in an elementary
// file whose number says who may read and write it (card-gids.h).
type place struct{ file, object uint16 }

// Files that every card has, or that hold what the card itself says.
var (
	placeCardID   = place{0xA012, 0xDF20} // "cardid"
	placeMaster   = place{0xA000, 0xDF1F} // the list of all files
	placePasscode = place{0x3FFF, 0x7F71} // what the application says of the passcode
)

// errMissing says that the card does not hold a data object.
var errMissing = errors.New("the card holds no such object")

// get is GET DATA for one object, gids_get_DO in card-gids.c.
func (p place) get() iso7816.Command {
	return iso7816.Command{
		INS: iso7816.InsGetData, P1: byte(p.file >> 8), P2: byte(p.file),
		Data: iso7816.AppendObject(nil, 0x5C, []byte{byte(p.object >> 8), byte(p.object)}),
		Le:   iso7816.MaxShort,
	}
}

// read returns the value of a data object.
func (c *Card) read(ctx context.Context, p place) ([]byte, error) {
	r, err := c.send(ctx, p.get())
	switch {
	case err != nil:
		return nil, err
	case denied(r.Status):
		return nil, errMissing
	case r.Status != iso7816.StatusOK:
		return nil, r.Status.Err(iso7816.InsGetData)
	}
	return iso7816.FindIn(r.Data, uint32(p.object))
}

// begin returns the beginning of a data object as it is written, tag and
// length before the value: as much as two commands bring from a card that
// answers in parts.
func (c *Card) begin(ctx context.Context, p place) ([]byte, error) {
	c.asked = false
	const parts = 2
	r, err := iso7816.Begin(ctx, c.link, p.get(), parts, nil)
	if err != nil {
		return nil, err
	}
	return r.Data, r.Status.Err(iso7816.InsGetData)
}
