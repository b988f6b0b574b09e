package house_test

import (
	"context"
	"testing"

	"unlockpoint/cmd/demo/robot"
	"unlockpoint/reader"
	"unlockpoint/reader/pinpad/pinpadtest"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

// keyed is a reader with keys of its own, and what people type there.
type keyed struct {
	*simcard.Slot
	keys pinpadtest.Reader
}

func (k *keyed) at(s *simcard.Slot) reader.Slot {
	k.Slot = s
	return k
}

// Open powers the card.
func (k *keyed) Open(ctx context.Context) (reader.Link, error) {
	link, err := k.Slot.Open(ctx)
	if err != nil {
		return nil, err
	}
	return pinpadtest.At(ctx, link, &k.keys), nil
}

// Somebody who registers types the passcode at the reader's own keys: not at
// once, then a wrong one, then the right one.
func TestThePasscodeIsTypedAtTheReadersKeys(t *testing.T) {
	var k keyed
	s := begin(t, between(k.at))
	s.insert()
	s.to("register.start", robot.Registering())
	s.press("Enter")
	s.shows("register.passcode", "Type your passcode on the card reader", "1 Type it here instead")
	k.keys.Keys = []pinpadtest.Typed{pinpadtest.Cancel, "123", "000000", pinpadtest.Typed(s.who.Passcode)}
	for _, said := range []string{"No passcode came from the card reader", "too short or too long", "That is not this card's passcode. 2 tries left"} {
		s.press("Enter")
		s.says("register.passcode", said)
	}
	s.press("Enter")
	s.to("register.done", robot.Registering())
	if len(k.keys.Complaints) != 0 {
		t.Error(k.keys.Complaints)
	}
}

// Who does not want to, or has a card with letters in its passcode, types at
// the terminal.
func TestThePasscodeIsTypedAtTheTerminalAllTheSame(t *testing.T) {
	var k keyed
	s := begin(t, between(k.at))
	s.insert()
	s.to("register.start", robot.Registering())
	s.press("Enter")
	s.shows("register.passcode", "1 Type it here instead")
	s.press("1")
	s.to("register.done", robot.Registering())
	s.remove()

	s.who = s.person("gwen", "gwen.hughes@wales.nhs.uk")
	s.who.Passcode = "192837"
	s.insert()
	s.to("register.done", robot.Registering())
}

// Where policy allows it, so does who changes the passcode, and chooses the new
// one there.
func TestThePasscodeIsChangedAtTheReadersKeys(t *testing.T) {
	var k keyed
	s := begin(t, rules(func(p *wire.Policy) { p.ChangeAtPad = true }), between(k.at))
	s.insert()
	s.to("change.old", robot.Changing())
	s.shows("change.old", "Change your passcode on the card reader", "a new one of 6 to 8 digits", "1 Type it here instead")
	old, fresh := pinpadtest.Typed(s.who.Passcode), pinpadtest.Typed(s.who.NewPasscode)
	k.keys.Keys = []pinpadtest.Typed{old, fresh, "864209", old, "123456789", "000000", fresh, fresh, old, fresh, fresh}
	for _, said := range []string{"The 2 passcodes were not the same", "too short or too long", "That is not this card's passcode. 2 tries left"} {
		s.press("Enter")
		s.says("change.old", said)
	}
	s.press("Enter")
	s.shows("change.done")
	s.unlocked()
	s.told("passcode.changed", 1)
	if len(k.keys.Complaints) != 0 {
		t.Error(k.keys.Complaints)
	}
}
