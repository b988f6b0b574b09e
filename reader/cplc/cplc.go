// Package cplc names chips that have no better name: by the production data
// that every GlobalPlatform card keeps of itself.
//
// Its word: the card manager is the application that manages the others; it
// tells the production data, and whoever asks it has to choose its own
// application again.
package cplc

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// GET DATA for the card production life cycle data, GlobalPlatform Card
// Specification 2.1.1, 9.3 and appendix H.6.
const (
	claManager = 0x80
	insGetData = 0xCA
	tag        = 0x9F7F
	length     = 42
)

// managers are the names of card managers. None at all is the manager's too
// (GlobalPlatform Card Specification 2.1.1, 9.9.2.3); cards that give it to
// another application, and cards of Open Platform, go by the others (gp.c of
// OpenSC).
func managers() [][]byte {
	return [][]byte{
		nil,
		{0xA0, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00},
		{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00},
	}
}

// Read asks the card manager for the name of the chip, in two commands for
// most cards, six at most. A card that does not tell is reader.ErrUnknownCard:
// nobody could say which one it is.
func Read(ctx context.Context, link iso7816.Transmitter) ([]byte, error) {
	why := errors.New("there is no card manager")
	for _, name := range managers() {
		_, found, err := iso7816.Select(ctx, link, name)
		if err != nil {
			return nil, fmt.Errorf("selecting the card manager: %w", err)
		}
		if !found {
			continue
		}
		var id []byte
		if id, why, err = ask(ctx, link); err != nil || why == nil {
			return id, err
		}
	}
	return nil, fmt.Errorf("%w: no name of the chip: %w", reader.ErrUnknownCard, why)
}

// ask puts the question to the application that is selected. A card without an
// answer is no error: why says what it answered instead.
func ask(ctx context.Context, link iso7816.Transmitter) (id []byte, why, err error) {
	r, err := iso7816.Exchange(ctx, link, iso7816.Command{
		CLA: claManager, INS: insGetData, P1: tag >> 8, P2: tag & 0xFF, Le: iso7816.MaxShort,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading the production data: %w", err)
	}
	if why = r.Status.Err(insGetData); why == nil {
		id, why = Parse(r.Data)
	}
	return id, why, nil
}

// parts of the data that belong to one chip alone, by their places: who made
// it, its type, on which day, its number and its batch. The rest says who
// loaded and issued the card, and may be written later.
var parts = [][2]int{{0, 2}, {2, 4}, {10, 12}, {12, 16}, {16, 18}}

// number is the chip's own, in the data.
var number = parts[3]

// Parse finds the name of the chip, 12 bytes, in the data object.
func Parse(object []byte) ([]byte, error) {
	data, err := iso7816.FindIn(object, tag)
	if err != nil {
		return nil, fmt.Errorf("production data: %w", err)
	}
	if len(data) != length || blank(data[number[0]:number[1]]) {
		return nil, fmt.Errorf("production data that name no chip: %w", iso7816.ErrMalformed)
	}
	var id []byte
	for _, p := range parts {
		id = append(id, data[p[0]:p[1]]...)
	}
	return id, nil
}

// blank says that nobody has written here: memory comes with one of two values.
func blank(b []byte) bool {
	return bytes.Equal(b, bytes.Repeat(b[:1], len(b))) && (b[0] == 0x00 || b[0] == 0xFF)
}
