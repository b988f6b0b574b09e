package authentic

import (
	"context"
	"fmt"

	"unlockpoint/reader/iso7816"
)

// Files by their ids, as pkcs15-oberthur.c has their paths: AWP_PIN_DF is
// 3F00 5011, AWP_PUK_FILE is 2000 in it.
const (
	fileRoot   = 0x3F00
	fileFolder = 0x5011
	filePUK    = 0x2000
)

// enter goes to the folder of the passcode, down from the root as OpenSC does
// (auth_select_aid and auth_select_file in card-oberthur.c): secrets that are
// local (0x80) are found from nowhere else.
func (c *Card) enter(ctx context.Context) error {
	if c.inside {
		return nil
	}
	for _, id := range []uint16{fileRoot, fileFolder} {
		if err := c.selectFile(ctx, id); err != nil {
			return fmt.Errorf("entering the folder of the passcode: %w", err)
		}
	}
	c.inside = true
	return nil
}

// SELECT by a file's id, with a description of the file or with none: ISO/IEC
// 7816-4:2020, tables 62 and 63; and READ BINARY, 11.3.3.
const (
	byID          = 0x00
	described     = 0x00
	withoutAnswer = 0x0C
	insReadBinary = 0xB0
)

// selectFile asks for no description: over T=0 it would be one more command.
// Some cards select files only if they may describe them (iso7816_select_file
// in OpenSC's iso7816.c).
func (c *Card) selectFile(ctx context.Context, id uint16) error {
	cmd := iso7816.Command{INS: iso7816.InsSelect, P1: byID, P2: withoutAnswer, Data: []byte{byte(id >> 8), byte(id)}}
	r, err := iso7816.Exchange(ctx, c.link, cmd)
	if err == nil && r.Status == iso7816.StatusWrongP1P2 {
		cmd.P2, cmd.Le = described, iso7816.MaxShort
		r, err = iso7816.Exchange(ctx, c.link, cmd)
	}
	if err == nil {
		err = r.Status.Err(cmd.INS)
	}
	if err != nil {
		return fmt.Errorf("selecting file %04X: %w", id, err)
	}
	return nil
}

// readPUK reads the file that the officer's PIN opens. Whoever is given the
// PUK wipes it.
func (c *Card) readPUK(ctx context.Context) ([]byte, error) {
	if err := c.selectFile(ctx, filePUK); err != nil {
		return nil, err
	}
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: insReadBinary, Le: lengthPUK})
	if err == nil {
		err = r.Status.Err(insReadBinary)
	}
	if err == nil && len(r.Data) != lengthPUK {
		err = fmt.Errorf("%w length", iso7816.ErrMalformed)
	}
	if err != nil {
		clear(r.Data)
		return nil, fmt.Errorf("reading the PUK: %w", err)
	}
	return r.Data, nil
}
