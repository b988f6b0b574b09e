package profiles

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Open opens the first profile that the card has and that can be served, and
// reads what the card says about itself. It returns reader.ErrUnsupported for
// a card that is recognised and not served, and reader.ErrUnknownCard for any
// other.
func Open(ctx context.Context, link iso7816.Transmitter) (reader.Card, reader.Info, error) {
	card, info, err := next(ctx, link, All())
	if !errors.Is(err, reader.ErrUnknownCard) {
		return card, info, err
	}
	if other := unserved(ctx, link); other != nil {
		return nil, reader.Info{}, other
	}
	return nil, reader.Info{}, err
}

// After is Open for the profiles behind the named one. Strangers are not looked
// for.
func After(ctx context.Context, link iso7816.Transmitter, name string) (reader.Card, reader.Info, error) {
	all := All()
	at := slices.IndexFunc(all, func(p Profile) bool { return p.Name == name })
	return next(ctx, link, all[at+1:])
}

// next is the first of some profiles. One that is empty, as on a card that was
// set up for something else, hides none behind it.
func next(ctx context.Context, link iso7816.Transmitter, all []Profile) (reader.Card, reader.Info, error) {
	none := reader.ErrUnknownCard
	for _, p := range all {
		card, info, err := read(ctx, link, p)
		switch {
		case err == nil:
			return card, info, nil
		case errors.Is(err, reader.ErrUnsupported):
			none = err
		case !errors.Is(err, reader.ErrUnknownCard):
			return nil, reader.Info{}, err
		}
	}
	return nil, reader.Info{}, none
}

func read(ctx context.Context, link iso7816.Transmitter, p Profile) (reader.Card, reader.Info, error) {
	card, err := p.Open(ctx, link)
	if err != nil {
		return nil, reader.Info{}, err
	}
	info, err := card.Info(ctx)
	return card, info, err
}

// strangers are applications that tell a kind of card which is not served.
var strangers = []struct {
	name string
	aid  []byte
}{
	// The commands that unblock it are not public.
	{"IDPrime", []byte{0xA0, 0x00, 0x00, 0x00, 0x18, 0x80, 0x00, 0x00, 0x00, 0x06, 0x62}},
}

// unserved is reader.ErrUnsupported for a stranger, a broken link's error, or
// nil.
func unserved(ctx context.Context, link iso7816.Transmitter) error {
	for _, s := range strangers {
		_, found, err := iso7816.Select(ctx, link, s.aid)
		switch {
		case err != nil:
			return fmt.Errorf("looking for the %s application: %w", s.name, err)
		case found:
			return fmt.Errorf("%s card: %w", s.name, reader.ErrUnsupported)
		}
	}
	return nil
}
