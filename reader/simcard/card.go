// Package simcard is a virtual smartcard, small and real: the tests' card, and
// the demonstration's.
//
// Its words: a [Card] is a chip that answers APDUs and keeps its state as a
// chip does; an application is one program on it, as one profile knows it
// (PIV and others), and a [Kind] is what sort of card people meet; an
// [Authority] issues the certificates that name cards; a [Slot] is a reader in
// this process to put cards into; [Dial] puts a card into a virtual PC/SC
// reader (vpcd) instead, where any program can use it. A [Pull] takes the card
// out in the middle of a command.
//
// It keeps passcode and key in the clear, as it plays the card. It does only
// what unlocking needs, and what the usual tools insist on: no log-in key, no
// administration, no secure messaging.
package simcard

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"unlockpoint/reader/authentic"
	"unlockpoint/reader/iso7816"
)

// ErrPulled says that the card was taken out during a command.
var ErrPulled = errors.New("the virtual card was pulled")

// errMemory says that the card could not write its state.
var errMemory = errors.New("the virtual card's memory is broken")

// statusMemory is how the card says errMemory, ISO/IEC 7816-4:2020, table 6.
const statusMemory iso7816.Status = 0x6581

// Card is a virtual card. It is safe for concurrent use: commands queue.
type Card struct {
	mu    sync.Mutex
	state state
	path  string // where the state is kept, "" for memory only
	apps  []application
	power power
	pull  Pull
	count map[byte]int // commands by instruction, since the card was made or loaded
}

// power is what a card forgets at a reset.
type power struct {
	chosen  application
	chain   []byte // data of a command whose end has not come yet
	pending []byte // answer that GET RESPONSE will fetch
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
	c.pull.hears(len(apdu))
	r, err := c.perform(cmd)
	if errors.Is(err, errMemory) {
		r, err = answer(statusMemory), nil
	}
	raw := r.Bytes()
	if err == nil && c.pull.says(len(raw)) {
		err = ErrPulled
	}
	if err != nil {
		c.sleep()
		c.pull = Pull{}
		return nil, err
	}
	return raw, nil
}

// perform is execute with the moments before and after it.
func (c *Card) perform(cmd iso7816.Command) (iso7816.Response, error) {
	if c.pull.due(Before) {
		return iso7816.Response{}, ErrPulled
	}
	r, err := c.execute(cmd)
	if c.pull.due(After) {
		err = ErrPulled
	}
	return r, err
}

// sleep is the end of the power.
func (c *Card) sleep() {
	c.power = power{}
	for _, a := range c.apps {
		a.sleep()
	}
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
	c.sleep()
}

// Answers to reset (ISO/IEC 7816-3:2006, 8.2): direct convention, no
// historical bytes. Without a TD1 the protocol is T=0.
var (
	atrT1 = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}
	atrT0 = []byte{0x3B, 0x00}
)

// ATR is the card's answer to reset, empty for a mute card.
func (c *Card) ATR() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.state.Kind == Mute:
		return nil
	case c.state.Quirks.T0 && slices.Contains(c.state.Profiles, authentic.Profile):
		return bytes.Clone(oberthurATR)
	case c.state.Quirks.T0:
		return bytes.Clone(atrT0)
	}
	return bytes.Clone(atrT1)
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
