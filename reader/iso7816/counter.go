package iso7816

import (
	"context"
	"fmt"

	"unlockpoint/reader"
)

// Tries asks for the tries left of a secret by an empty VERIFY (ISO/IEC
// 7816-4:2013, 11.5.6). A blocked one says 63C0 or 6983. reader.Unknown means
// that it is verified already: then the card does not tell.
func Tries(ctx context.Context, link Transmitter, ref byte) (int, error) {
	r, err := Exchange(ctx, link, Command{INS: InsVerify, P2: ref})
	if err != nil {
		return 0, fmt.Errorf("reading the tries left: %w", err)
	}
	tries, counted := r.Status.Tries()
	switch {
	case counted:
		return tries, nil
	case r.Status == StatusBlocked:
		return 0, nil
	case r.Status == StatusOK:
		return reader.Unknown, nil
	}
	return 0, fmt.Errorf("reading the tries left: %w", r.Status.Err(InsVerify))
}

// Told is Status.Outcome of a secret whose counter can be asked for. Some cards
// say 6982 to a wrong secret, and to a blocked one: the counter tells which.
func Told(ctx context.Context, link Transmitter, ins, ref byte, s Status) (reader.Outcome, error) {
	if s != StatusNotAllowed {
		return s.Outcome(ins)
	}
	switch tries, err := Tries(ctx, link, ref); {
	case err != nil:
		return reader.Outcome{}, err
	case tries == reader.Unknown:
		return s.Outcome(ins)
	case tries == 0:
		return reader.Outcome{Result: reader.Blocked}, nil
	default:
		return reader.Outcome{Result: reader.Wrong, Tries: tries}, nil
	}
}
