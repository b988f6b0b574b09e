package pcsc

import (
	"context"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad"
)

// padLink is a link to a card in a reader with keys of its own.
type padLink struct {
	*link
	device pinpad.Device
}

var _ reader.PinPad = padLink{}

// Pad says what the reader's keys can do.
func (l padLink) Pad() reader.Pad { return l.device.Pad() }

// Enter has the person type. A caller that leaves early leaves the reader at
// it, until its own limit: the next command waits for that.
func (l padLink) Enter(ctx context.Context, e reader.Entry) ([]byte, error) {
	return l.ask(ctx, nil, func(c card, _ []byte) ([]byte, error) {
		return l.device.Enter(ctx, controls{c}, e)
	})
}

// controls are those of the reader that holds a card.
type controls struct{ card card }

var _ pinpad.Controller = controls{}

func (c controls) Control(_ context.Context, code uint32, in []byte) ([]byte, error) {
	answer, err := c.card.Control(code, in)
	if err != nil {
		return nil, translate("asking the reader", err)
	}
	return answer, nil
}
