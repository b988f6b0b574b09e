package profiletest

import (
	"context"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

// Cut is a moment at which the card is taken out.
type Cut struct {
	simcard.Pull
	Name string
}

// Cuts are before, during each write to the card's memory, and after the nth
// command of an instruction.
func Cuts(ins byte, n, writes int) []Cut {
	all := []Cut{{simcard.Pull{INS: ins, N: n, When: simcard.Before}, fmt.Sprintf("before %02X/%d", ins, n)}}
	for w := range writes {
		pull := simcard.Pull{INS: ins, N: n, When: simcard.During, Write: w + 1}
		all = append(all, Cut{pull, fmt.Sprintf("in %02X/%d, write %d", ins, n, w+1)})
	}
	return append(all, Cut{simcard.Pull{INS: ins, N: n, When: simcard.After}, fmt.Sprintf("after %02X/%d", ins, n)})
}

// Deed is something that tests a secret of a card.
type Deed func(context.Context, reader.Card) (reader.Outcome, error)

// Verify is the check of a passcode.
func Verify(passcode string) Deed {
	return func(ctx context.Context, c reader.Card) (reader.Outcome, error) {
		return c.Verify(ctx, []byte(passcode))
	}
}

// Change is the change of a passcode.
func Change(old, new string) Deed {
	return func(ctx context.Context, c reader.Card) (reader.Outcome, error) {
		return c.Change(ctx, []byte(old), []byte(new))
	}
}

// Unblock sets a passcode with a key.
func Unblock(key, passcode string) Deed {
	return func(ctx context.Context, c reader.Card) (reader.Outcome, error) {
		return c.Unblock(ctx, []byte(key), []byte(passcode))
	}
}
