package house_test

import (
	"context"
	"testing"

	"unlockpoint/cmd/demo/robot"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/simcard"
)

// choosy is a reader whose card does not take the first passcode that it is to
// get in an unlock, for reasons of its own.
type choosy struct {
	*simcard.Slot
	refused bool
}

func (c *choosy) at(s *simcard.Slot) reader.Slot {
	c.Slot = s
	return c
}

// Open powers the card.
func (c *choosy) Open(ctx context.Context) (reader.Link, error) {
	link, err := c.Slot.Open(ctx)
	return choosyLink{link, c}, err
}

type choosyLink struct {
	reader.Link
	of *choosy
}

func (l choosyLink) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if apdu[1] == iso7816.InsResetRetry && !l.of.refused {
		l.of.refused = true
		return []byte{0x6A, 0x80}, nil // wrong data: nothing was changed
	}
	return l.Link.Transmit(ctx, apdu)
}

// A passcode that the card refuses is chosen again, and nothing else is asked
// a second time.
func TestThePasscodeIsRefusedByTheCard(t *testing.T) {
	var c choosy
	s := blocked(t, between(c.at))
	s.to("unlock.passcode", robot.Unlocking())
	s.enter(s.who.NewPasscode)
	s.shows("unlock.repeat")
	s.enter(s.who.NewPasscode)
	s.says("unlock.passcode", "Your card does not take this passcode")
	s.who.NewPasscode = "864213"
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}
