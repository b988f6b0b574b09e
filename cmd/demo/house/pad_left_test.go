package house_test

import (
	"context"
	"testing"

	"unlockpoint/cmd/demo/robot"
	"unlockpoint/reader"
	"unlockpoint/reader/pinpad/pinpadtest"
	"unlockpoint/reader/simcard"
)

// deserted is a reader with keys that nobody types at, and that waits for ever.
type deserted struct {
	keyed
	asked chan struct{} // at each entry that begins
}

func (d *deserted) at(s *simcard.Slot) reader.Slot {
	d.Slot = s
	return d
}

// Open powers the card.
func (d *deserted) Open(ctx context.Context) (reader.Link, error) {
	link, err := d.keyed.Open(ctx)
	if err != nil {
		return nil, err
	}
	return desertedLink{link.(pinpadtest.Link), d}, nil
}

type desertedLink struct {
	pinpadtest.Link
	at *deserted
}

// Enter waits until the terminal leaves it.
func (l desertedLink) Enter(ctx context.Context, _ reader.Entry) ([]byte, error) {
	l.at.asked <- struct{}{}
	<-ctx.Done()
	return nil, ctx.Err()
}

// While the reader's keys wait, the card is pulled, the reader unplugged, the
// terminal stopped, or nobody comes: each ends it, and the next visit is served.
func TestTheReadersKeysAreLeft(t *testing.T) {
	for name, leave := range map[string]func(story){
		"by the card":     func(s story) { s.pull(); s.shows("removed-early", unkept); s.insert() },
		"by the reader":   func(s story) { s.reader(false); s.shows("reader-missing"); s.reader(true) },
		"by the terminal": func(s story) { s.set("/terminal/restart", struct{}{}) },
		"by the clock": func(s story) {
			s.later(299)
			s.shows("register.passcode")
			s.later(2)
			s.shows("take-card")
			s.remove()
			s.insert()
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := deserted{asked: make(chan struct{}, 1)}
			s := begin(t, between(d.at))
			s.insert()
			s.to("register.start", robot.Registering())
			s.press("Enter")
			s.shows("register.passcode", "1 Type it here instead")
			s.press("Enter")
			<-d.asked
			s.says("register.passcode", "Its Cancel key brings you back")
			leave(s)
			s.shows("card.menu")
			s.to("register.start", robot.Registering())
			s.press("Enter")
			s.shows("register.passcode")
			s.press("1")
			s.to("register.done", robot.Registering())
		})
	}
}

func (s story) reader(present bool) {
	s.Helper()
	s.set("/reader", map[string]bool{"present": present})
}
