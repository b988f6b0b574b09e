package desk

import (
	"iter"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Cards lists all cards, by id.
func (d *Desk) Cards(tx store.Tx) ([]wire.CardView, error) {
	list := []wire.CardView{}
	for c, err := range d.every(tx) {
		if err != nil {
			return nil, err
		}
		line, err := d.line(tx, c)
		if err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, nil
}

func (d *Desk) line(tx store.Tx, c card) (wire.CardView, error) {
	row, err := d.row(tx, c)
	if err != nil {
		return wire.CardView{}, err
	}
	holder, err := d.holder(c)
	if err != nil {
		return wire.CardView{}, err
	}
	address, err := d.address(c, d.cfg.Now())
	return wire.CardView{
		Card: c.ID, Profile: c.Profile, Holder: holder, Address: Mask(address), Site: c.Site,
		Standing: row.Standing, AttemptsLeft: row.AttemptsLeft,
		PUK: c.PUK.Current().Number, Factory: c.PUK.Current().Factory, LastUnlock: c.LastUnlock,
	}, err
}

// every goes through the cards that count.
func (d *Desk) every(tx store.Tx) iter.Seq2[card, error] {
	return func(yield func(card, error) bool) {
		for row, err := range cards().Each(tx, "") {
			c, ok := row.Value, true
			if err == nil && c.Import != "" {
				_, ok, err = imports().Find(tx, c.Import)
			}
			if (ok || err != nil) && !yield(c, err) {
				return
			}
		}
	}
}
