package main

import (
	"context"
	"errors"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/grant"
)

// secret is the yardstick's key as cards know it.
func (y yardstick) secret() (grant.Kind, []byte, error) {
	kind, ok := grant.KindOf(y.profile)
	key, good := kind.Read(y.key)
	if !ok || !good {
		return kind, nil, errors.New("the key does not fit the profile")
	}
	return kind, key, nil
}

// powered works with a card in a reader of this process.
func powered(ctx context.Context, card *simcard.Card, work func(iso7816.Transmitter) error) error {
	slot := simcard.NewSlot("bench")
	slot.Insert(card)
	link, err := slot.Open(ctx)
	if err != nil {
		return err
	}
	defer link.Close()
	return work(link)
}

// extra is what the terminal does besides unblocking, by the names of the
// commands: the card's proof, another key for it, and a look at its counter.
func (c *compareCommand) extra(ctx context.Context, y yardstick) (list []string, err error) {
	card, err := y.blocked()
	if err != nil {
		return nil, err
	}
	kind, key, err := y.secret()
	if err != nil {
		return nil, err
	}
	return list, powered(ctx, card, func(link iso7816.Transmitter) error {
		meter := iso7816.NewMeter(link, time.Now)
		card, err := open(ctx, meter, y.profile)
		if err != nil {
			return err
		}
		if _, err = card.Info(ctx); err != nil { // as the terminal has read it by then
			return err
		}
		before := len(meter.Timings())
		if kind.Proves {
			if _, err := card.Prove(ctx, [32]byte{1}); err != nil {
				return err
			}
		}
		if kind.Rotates {
			outcome, err := card.ChangePUK(ctx, key, key)
			if err != nil || outcome.Result != reader.OK {
				return errors.Join(err, errors.New("the card took no other key"))
			}
		}
		_, err = card.Tries(ctx)
		list = names(meter)[before:]
		return err
	})
}
