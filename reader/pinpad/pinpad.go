// Package pinpad speaks to card readers with keys of their own, in the words of
// PC/SC part 10 ("IFDs with Secure PIN Entry Capabilities", version 2.02.09):
// it finds out what the keys can do, and has secrets typed there.
//
// Its words: a feature is something a reader can do, with the control code to
// ask for it; a [Device] is a reader's features as far as they matter here; a
// structure is the description of an entry that the reader gets: what to ask
// the person, and where in which command the digits go.
//
// Of the ways to have a PIN typed it knows the direct ones, in which one
// control does it all. It needs only something that carries controls to the
// reader, and sees no secret.
package pinpad

import (
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Controller carries one control to the reader and its answer back.
type Controller interface {
	Control(ctx context.Context, code uint32, in []byte) ([]byte, error)
}

// ErrMalformed is what the parsers wrap for bytes that break the format.
var ErrMalformed = errors.New("malformed")

// Device is what a reader offers. The zero value has no keys.
type Device struct {
	verify, modify uint32 // control codes, 0 for none
	min, max       int
}

// Find asks a reader what it can do. Readers without features say so in many
// ways: each is a device without keys.
func Find(ctx context.Context, c Controller) Device {
	answer, err := c.Control(ctx, GetFeatureRequest, nil)
	if err != nil {
		return Device{}
	}
	features, err := ParseFeatures(answer)
	if err != nil {
		return Device{}
	}
	d := Device{verify: features[VerifyPINDirect], modify: features[ModifyPINDirect]}
	if code := features[GetTLVProperties]; code != 0 && d != (Device{}) {
		if answer, err := c.Control(ctx, code, nil); err == nil {
			d.min, d.max = digits(answer)
		}
	}
	return d
}

// Pad says what the device's keys can do.
func (d Device) Pad() reader.Pad {
	return reader.Pad{Verifies: d.verify != 0, Changes: d.modify != 0, Min: d.min, Max: d.max}
}

// Enter has the person type what the entry leaves out.
func (d Device) Enter(ctx context.Context, c Controller, e reader.Entry) ([]byte, error) {
	code, structure := d.verify, VerifyStructure
	if e.Change {
		code, structure = d.modify, ModifyStructure
	}
	if code == 0 || !d.Pad().Takes(e.Rule) {
		return nil, reader.ErrNoPad
	}
	in, err := structure(e)
	if err != nil {
		return nil, err
	}
	answer, err := c.Control(ctx, code, in)
	if err != nil {
		return nil, fmt.Errorf("typing at the reader: %w", err)
	}
	r, err := iso7816.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("typing at the reader: %w", err)
	}
	if err, ok := said[r.Status]; ok {
		return nil, err
	}
	return answer, nil
}

// said are the reader's own answers (part 10, PIN_VERIFY and PIN_MODIFY). Any
// other is the card's.
var said = map[iso7816.Status]error{
	0x6400: reader.ErrPadTimeout,
	0x6401: reader.ErrPadCancelled,
	0x6402: reader.ErrPadDiffer,
	0x6403: reader.ErrPadLength,
	0x6B80: reader.ErrPadRefused,
}
