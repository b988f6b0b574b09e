package desk

import (
	"fmt"
	"slices"
	"strings"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

const (
	foundAtOnce   = 20 // cards of a search
	historyAtOnce = 50 // entries of a page: they have to fit into one note
)

// Found are the cards that a search found.
type Found struct {
	Cards []string `json:"cards,omitempty"`
}

// CardFind looks for cards of the operator's sites by id, or by part of the
// holder's name. It goes through all of them, so it is not for the transaction
// that everybody waits for; [Desk.CardsFound] is.
func (d *Desk) CardFind(tx store.Tx, by operators.Operator, b wire.CardFindBody) (Found, error) {
	var f Found
	query := strings.ToLower(strings.TrimSpace(b.Query))
	if len(query) < 2 {
		return f, No("look for a card id, or for 2 or more letters of a name")
	}
	for c, err := range d.named(tx, query) {
		if err != nil {
			return f, err
		}
		if !by.At(c.Site) {
			continue
		}
		if len(f.Cards) == foundAtOnce {
			return f, No(fmt.Sprintf("there are more than %d: say more of the name", foundAtOnce))
		}
		f.Cards = append(f.Cards, c.ID)
	}
	return f, nil
}

// CardsFound shows what a search found, and writes each person down.
func (d *Desk) CardsFound(tx store.Tx, by operators.Operator, f Found) ([]wire.CardView, error) {
	t := d.acting(tx, by)
	list := []wire.CardView{}
	for _, id := range f.Cards {
		c, err := d.cardAt(t, by, id)
		if err != nil {
			return nil, err
		}
		view, err := d.line(tx, c)
		if err != nil {
			return nil, err
		}
		if err := d.note(t, c.ID, audit.Found, ""); err != nil {
			return nil, err
		}
		list = append(list, view)
	}
	return list, nil
}

// named goes through the cards with an id, or else with a name.
func (d *Desk) named(tx store.Tx, query string) func(yield func(card, error) bool) {
	return func(yield func(card, error) bool) {
		if c, ok, err := find(tx, query); err != nil || ok {
			yield(c, err)
			return
		}
		for c, err := range d.every(tx) {
			name := ""
			if err == nil {
				name, err = d.holder(c)
			}
			if (err != nil || strings.Contains(strings.ToLower(name), query)) && !yield(c, err) {
				return
			}
		}
	}
}

// CardHistory tells what happened to a card, newest first. That somebody asked
// is written down first, and so is a part of it.
func (d *Desk) CardHistory(tx store.Tx, by operators.Operator, b wire.CardHistoryBody) (wire.History, error) {
	var none wire.History
	t := d.acting(tx, by)
	c, err := d.cardAt(t, by, b.Card)
	if err != nil {
		return none, err
	}
	if err := d.note(t, c.ID, audit.HistoryRead, ""); err != nil {
		return none, err
	}
	view, err := d.line(tx, c)
	if err != nil {
		return none, err
	}
	entries, more, err := d.history(t, c, b.Before)
	return wire.History{Card: view, Entries: entries, More: more}, err
}

func (d *Desk) history(t turn, c card, before uint64) (list []wire.CardEntry, more bool, err error) {
	p, err := d.log.Person(t.tx, c.ID)
	if err != nil {
		return nil, false, err
	}
	all, err := d.log.Of(t.tx, p.Name())
	if err != nil {
		return nil, false, err
	}
	for _, e := range slices.Backward(all) {
		if before > 0 && e.Seq >= before {
			continue
		}
		if len(list) == historyAtOnce {
			return list, true, nil
		}
		reason, err := p.Open(e.Reason)
		if err != nil {
			return nil, false, err
		}
		notes, err := openNotes(p, e.Notes)
		if err != nil {
			return nil, false, err
		}
		list = append(list, wire.CardEntry{Seq: e.Seq, At: e.At, What: string(e.What), By: e.By, Second: e.Second,
			Site: e.Site, Note: e.Note, Reason: reason, Notes: notes})
	}
	return list, false, nil
}
