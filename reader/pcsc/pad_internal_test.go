package pcsc

import (
	"context"
	"errors"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad/pinpadtest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// inside is a card as its reader reaches it.
type inside struct{ card *simcard.Card }

func (i inside) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	return i.card.Answer(ctx, apdu)
}

// insertAtKeys puts a card into a reader with keys.
func (k *desk) insertAtKeys(cfg simcard.Config) (*simcard.Card, *pinpadtest.Reader) {
	k.Helper()
	card := k.card(cfg)
	keys := &pinpadtest.Reader{Card: inside{card}, Min: 4, Max: 8}
	k.d.find(left).control = func(code uint32, in []byte) ([]byte, error) { return keys.Control(k.Context(), code, in) }
	k.d.insert(left, card)
	k.want("a card", cardIn(left))
	return card, keys
}

func TestAPasscodeIsTypedAtAReaderWithKeys(t *testing.T) {
	atDesk(t, func(k *desk) {
		chip, keys := k.insertAtKeys(simcard.Config{})
		link := k.open()
		pad, ok := link.(reader.PinPad)
		if !ok || pad.Pad() != (reader.Pad{Verifies: true, Changes: true, Min: 4, Max: 8}) {
			k.Fatalf("the link does not tell of the keys: %v", ok)
		}
		opened, err := piv.Open(k.Context(), link)
		if err != nil {
			k.Fatal(err)
		}
		card := opened.(*piv.Card)
		keys.Keys = []pinpadtest.Typed{"000000", "123456", "27182818", "27182818", pinpadtest.Cancel}
		if out, err := card.VerifyAtPad(k.Context()); err != nil || out.Result != reader.Wrong || out.Tries != 2 {
			k.Errorf("a wrong one: %+v, %v", out, err)
		}
		if out, err := card.ChangeAtPad(k.Context(), piv.Rule()); err != nil || out.Result != reader.OK {
			k.Errorf("a change: %+v, %v", out, err)
		}
		if _, err := card.VerifyAtPad(k.Context()); !errors.Is(err, reader.ErrPadCancelled) {
			k.Errorf("cancelled: %v", err)
		}
		if len(keys.Complaints) > 0 || !chip.Verify("27182818") {
			k.Errorf("the passcode was not changed; the reader says %q", keys.Complaints)
		}
	}, left)
}

func TestAReaderWithoutKeysIsNoPinPad(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.d.insert(left, k.card(simcard.Config{}))
		k.want("a card", cardIn(left))
		if _, ok := k.open().(reader.PinPad); ok {
			k.Error("it is one")
		}
	}, left)
}

func TestKeysThatAreNotWantedAreNotLookedFor(t *testing.T) {
	atDesk(t, func(k *desk) {
		k.insertAtKeys(simcard.Config{})
		k.d.find(left).control = func(code uint32, _ []byte) ([]byte, error) {
			k.Errorf("control %08X", code)
			return nil, nil
		}
		k.slot.noPinPad = true
		if _, ok := k.open().(reader.PinPad); ok {
			k.Error("the link tells of them")
		}
	}, left)
}

// Somebody walks away from the keys, or takes the card from under them.
func TestAnEntryIsLeft(t *testing.T) {
	for name, c := range map[string]struct {
		leave func(*desk, context.CancelFunc)
		want  error
	}{
		"by the terminal":             {func(_ *desk, cancel context.CancelFunc) { cancel() }, context.Canceled},
		"by the card":                 {func(k *desk, _ context.CancelFunc) { k.d.pull(left) }, reader.ErrCardGone},
		"by the service":              {func(k *desk, _ context.CancelFunc) { k.d.stop(); k.d.start() }, reader.ErrNoReader},
		"by nobody, in the end":       {func(*desk, context.CancelFunc) {}, reader.ErrPadTimeout},
		"by a reader that breaks off": {func(k *desk, _ context.CancelFunc) { k.d.fail(left, true) }, reader.ErrPadTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(k *desk) {
				k.insertAtKeys(simcard.Config{})
				answer := k.d.find(left).control
				k.d.find(left).control = func(code uint32, in []byte) ([]byte, error) {
					if len(in) > 0 {
						time.Sleep(30 * time.Second) // nobody types
					}
					return answer(code, in)
				}
				link := k.open()
				card, err := piv.Open(k.Context(), link)
				if err != nil {
					k.Fatal(err)
				}
				ctx, cancel := context.WithCancel(k.Context())
				defer cancel()
				ended := make(chan error)
				go func() {
					_, err := card.(*piv.Card).VerifyAtPad(ctx)
					ended <- err
				}()
				time.Sleep(time.Second)
				c.leave(k, cancel)
				if err := <-ended; !errors.Is(err, c.want) {
					k.Errorf("the entry: %v", err)
				}
				time.Sleep(time.Minute)
			}, left)
		})
	}
}
