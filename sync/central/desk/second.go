package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// agreed is what a second operator has to agree to, and to sign.
func (o order) agreed(id string) wire.CardAgreeBody {
	b := wire.CardAgreeBody{ID: id, Kind: o.Kind, By: o.By, Act: o.Body}
	if o.Note != nil {
		sum := sha256.Sum256(o.Note)
		b.Note = hex.EncodeToString(sum[:])
	}
	return b
}

// CardAgree does what another operator asked for. Everything is checked anew,
// for both.
func (d *Desk) CardAgree(tx store.Tx, by operators.Operator, b wire.CardAgreeBody) (wire.CardDone, error) {
	var none wire.CardDone
	t := d.acting(tx, by)
	o, ok, err := d.order(t, b.ID)
	if err != nil {
		return none, err
	}
	if !ok {
		return none, No(fmt.Sprintf("nothing of that number waits: \"fleet card waiting\" lists what does, for %d minutes", orderLife/time.Minute))
	}
	first, err := operators.Find(tx, o.By)
	if err != nil && !errors.Is(err, operators.ErrUnknown) {
		return none, err
	}
	if err := mayAgree(first, by, o, b); err != nil {
		return none, err
	}
	c, _, err := d.mayAct(t, by, o)
	if err != nil {
		return none, err
	}
	if _, _, err := d.mayAct(t, first, o); err != nil {
		return none, err
	}
	t.by, t.agree = audit.Operator(first.ID), audit.Operator(by.ID)
	if o.Note != nil {
		t.notes = append([][]byte{o.Note}, t.notes...)
	}
	if err := orders().Delete(tx, b.ID); err != nil {
		return none, err
	}
	return d.carryOut(t, c, o)
}

// mayAgree refuses whoever is no second person, and an order whose first one
// does not stand for it any more. Two names with one smartcard are one person.
func mayAgree(first, second operators.Operator, o order, b wire.CardAgreeBody) error {
	switch {
	case second.ID == "" || second.ID == o.By, second.Card != "" && second.Card == first.Card:
		return No("it takes two operators: another one has to agree")
	case first.Role.May(o.Kind) != nil || !bytes.Equal(first.NoteKey, o.Key):
		return No("who asked for it is no operator for cards any more: ask for it anew")
	case second.Role.May(o.Kind) != nil:
		return No(second.Role.May(o.Kind).Error())
	case b != o.agreed(b.ID):
		return No("this is not what waits under that number: look at it again with \"fleet card waiting\"")
	}
	return nil
}

// CardWaiting lists what waits for a second operator on cards of the
// operator's sites. Who looks is in each holder's history, once.
func (d *Desk) CardWaiting(tx store.Tx, by operators.Operator, b wire.CardWaitingBody) ([]wire.Waiting, error) {
	t := d.acting(tx, by)
	list := []wire.Waiting{}
	for row, err := range orders().Each(tx, "") {
		if err != nil {
			return nil, err
		}
		if b.ID != "" && b.ID != row.Key {
			continue
		}
		o, ok, err := d.openOrder(t, row.Key, row.Value)
		if err != nil {
			return nil, err
		}
		c, there, err := find(tx, o.Body.Card)
		if err != nil {
			return nil, err
		}
		if !ok || !there || !by.At(c.Site) {
			continue
		}
		view, err := d.line(tx, c)
		if err != nil {
			return nil, err
		}
		if err := d.seen(t, c, row.Key, o, by); err != nil {
			return nil, err
		}
		list = append(list, wire.Waiting{CardAgreeBody: o.agreed(row.Key), Card: view, Until: o.Until})
	}
	return list, nil
}

// seen writes down that an operator sees an order, unless that was.
func (d *Desk) seen(t turn, c card, id string, o order, by operators.Operator) error {
	if slices.Contains(o.Seen, by.ID) {
		return nil
	}
	o.Seen = append(o.Seen, by.ID)
	return errors.Join(d.keepOrder(t, id, o), d.note(t, c.ID, audit.Found, "waits for a second operator"))
}

// sealNotes closes the notes by which operators did something: who can open
// what they are sealed for finds the card in them.
func sealNotes(p audit.Person, notes [][]byte) ([]byte, error) {
	if len(notes) == 0 {
		return nil, nil
	}
	texts := make([]string, len(notes))
	for i, note := range notes {
		texts[i] = string(note)
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		return nil, fmt.Errorf("keeping the notes of operators: %w", err)
	}
	return p.Seal(string(raw))
}

func openNotes(p audit.Person, sealed []byte) (notes []string, err error) {
	text, err := p.Open(sealed)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &notes); err != nil {
		return nil, fmt.Errorf("reading the notes of operators: %w", err)
	}
	return notes, nil
}
