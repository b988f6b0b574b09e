package iso7816

import "context"

// Select asks for an application by its identifier, or the beginning of it,
// and returns the application's answer and whether the card has it. Cards
// without it answer with all sorts of status words; only a broken link is an
// error.
func Select(ctx context.Context, t Transmitter, aid []byte) (answer []byte, found bool, err error) {
	r, err := Exchange(ctx, t, Command{INS: InsSelect, P1: byName, Data: aid, Le: MaxShort})
	return r.Data, err == nil && r.Status == StatusOK, err
}

// byName is SELECT's P1 for an application, ISO/IEC 7816-4:2020, table 62.
const byName = 0x04
