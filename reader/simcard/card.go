// Package simcard is a virtual PIV card, small and real: the tests' card, and
// the demonstration's.
//
// Its words: a [Card] answers APDUs from a [Kind] of state that survives like
// a chip's; an [Authority] issues the certificates that name cards; a [Slot] is
// a reader in this process to put cards into; [Dial] puts a card into a
// virtual PC/SC reader (vpcd) instead, where any program can use it. A [Pull]
// takes the card out in the middle of a command.
//
// It keeps passcode and PUK in the clear, as it plays the card. It does only
// what unlocking needs: no log-in key, no administration, no secure messaging.
package simcard

import (
	"context"
	"errors"
	"sync"
	"time"

	"unlockpoint/reader/iso7816"
)

// ErrPulled says that the card was taken out during a command.
var ErrPulled = errors.New("the virtual card was pulled")

// Card is a virtual card. It is safe for concurrent use: commands queue.
type Card struct {
	mu    sync.Mutex
	state state
	path  string // where the state is kept, "" for memory only
	power power
	pull  Pull
	count map[byte]int // commands by instruction, since the card was made or loaded
}

// power is what a card forgets at a reset.
type power struct {
	selected bool
	verified bool
	chain    []byte // data of a command whose end has not come yet
	pending  []byte // answer that GET RESPONSE will fetch
}

// Answer executes one command APDU and returns the response APDU.
// It returns ErrPulled when a Pull came due.
func (c *Card) Answer(ctx context.Context, apdu []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := wait(ctx, time.Duration(c.state.Quirks.Delay)); err != nil {
		return nil, err
	}
	cmd, err := iso7816.ParseCommand(apdu)
	if err != nil {
		return iso7816.Response{Status: iso7816.StatusWrongLength}.Bytes(), nil
	}
	c.count[cmd.INS]++
	c.pull.arm(cmd.INS)
	r, err := c.perform(cmd)
	if err != nil {
		c.power, c.pull = power{}, Pull{}
		return nil, err
	}
	return r.Bytes(), nil
}

// perform is execute with the moments before and after it.
func (c *Card) perform(cmd iso7816.Command) (iso7816.Response, error) {
	if c.pull.due(Before) {
		return iso7816.Response{}, ErrPulled
	}
	r, err := c.execute(cmd)
	if err == nil && c.pull.due(After) {
		err = ErrPulled
	}
	return r, err
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Reset is what a reader's reset, or taking the card out, does to it.
func (c *Card) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.power = power{}
}

// atr is the answer to reset: direct convention, T=1, no historical bytes.
func atr() []byte { return []byte{0x3B, 0x80, 0x80, 0x01, 0x01} }

// ATR is the card's answer to reset, empty for a mute card.
func (c *Card) ATR() []byte {
	if c.Mute() {
		return nil
	}
	return atr()
}

// Mute says whether the card gives no answer to reset.
func (c *Card) Mute() bool { return c.Kind() == Mute }

// Kind is what sort of card this is.
func (c *Card) Kind() Kind {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Kind
}

// SetQuirks changes the card's habits.
func (c *Card) SetQuirks(q Quirks) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Quirks = q
	return c.save()
}
