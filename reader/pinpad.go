package reader

import (
	"context"
	"errors"
)

// PinPad is what a Link is as well when its reader has keys of its own. The
// person types there: the reader puts the digits into the command and sends it
// to the card, and no program sees them.
type PinPad interface {
	// Pad says what the keys can do.
	Pad() Pad
	// Enter has the person type what the entry leaves out and returns the
	// card's answer. It takes as long as the person does, within the reader's
	// limit; when ctx ends before, the reader goes on by itself. After one of
	// the errors below the card has been asked nothing.
	Enter(ctx context.Context, e Entry) ([]byte, error)
}

// Pad is what a reader's keys can do.
type Pad struct {
	Verifies bool // have one secret typed
	Changes  bool // have an old one typed, and a new one twice
	Min, Max int  // digits that they take; 0 where the reader does not say
}

// Takes says whether the keys can enter every secret that the rule allows.
func (p Pad) Takes(r Rule) bool {
	return r.Digits && p.Min <= r.Min && (p.Max == 0 || p.Max >= r.Max)
}

// Entry is a command that the reader's keys complete. Each secret has a block
// of so many bytes in the command's data, which holds the padding: the digits
// go over it from the left, in ASCII.
type Entry struct {
	Command  []byte
	Block    int  // bytes of each
	Change   bool // an old secret and a new one, not one to verify
	Old, New int  // where in the data their blocks begin; Old is the one to verify
	Rule     Rule
}

// What may come from a reader's keys instead of an answer of the card.
var (
	ErrNoPad        = errors.New("the reader has no keys for this")
	ErrPadTimeout   = errors.New("nothing was typed at the reader in time")
	ErrPadCancelled = errors.New("the entry at the reader was cancelled")
	ErrPadDiffer    = errors.New("the new passcodes typed at the reader differ")
	ErrPadLength    = errors.New("too few or too many digits were typed at the reader")
	ErrPadRefused   = errors.New("the reader refuses to have this typed")
)
