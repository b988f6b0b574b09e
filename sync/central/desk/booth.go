package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// No is why an operator's act was not done, and what to do instead.
type No string

func (n No) Error() string { return string(n) }

// order is an act on a card that an operator asked for.
type order struct {
	Kind  wire.Kind        `json:"kind"`
	By    string           `json:"by"`             // operator
	Key   []byte           `json:"key,omitempty"`  // theirs, public
	Note  []byte           `json:"note,omitempty"` // by which they asked
	Body  wire.CardActBody `json:"body"`
	Until time.Time        `json:"until"`          // a second one has to agree before
	Seen  []string         `json:"seen,omitempty"` // by these operators while it waits: each look of one more is written down once
}

// orders holds those that wait for a second operator, sealed: they have the
// reason and an address.
func orders() store.Table[[]byte] { return store.Table[[]byte]{Name: orderTable} }

const orderTable = "order"

// orderLife is how long an act waits for a second operator.
const orderLife = time.Hour

// acting is the turn of an operator. One without a name is somebody at the
// local socket.
func (d *Desk) acting(tx store.Tx, by operators.Operator) turn {
	t := turn{tx: tx, now: d.cfg.Now(), by: audit.Operator(by.ID)}
	if by.Note != nil {
		t.notes = [][]byte{by.Note}
	}
	return t
}

// CardAct does what an operator asks for, or lets it wait for a second one.
// What is not done is a [No].
func (d *Desk) CardAct(tx store.Tx, by operators.Operator, kind wire.Kind, b wire.CardActBody) (wire.CardDone, error) {
	t := d.acting(tx, by)
	o := order{Kind: kind, By: by.ID, Key: by.NoteKey, Note: by.Note, Body: b, Until: t.now.Add(orderLife)}
	c, two, err := d.mayAct(t, by, o)
	switch {
	case err != nil:
		return wire.CardDone{}, err
	case two:
		return d.wait(t, c, o)
	}
	return d.carryOut(t, c, o)
}

// mayAct finds the card of an order and refuses what the operator may not do,
// or what makes no sense. two says that it takes a second operator.
func (d *Desk) mayAct(t turn, by operators.Operator, o order) (c card, two bool, err error) {
	if c, err = d.cardAt(t, by, o.Body.Card); err != nil {
		return c, false, err
	}
	if by.Card == c.ID && o.Kind != wire.CardFreeze {
		return c, false, No("this is your own card: another operator has to do it")
	}
	if !wire.ValidReason(o.Body.Reason) {
		return c, false, No("say why: a reason has 3 to 200 printable characters")
	}
	two, err = d.sensible(t, c, o)
	return c, two, err
}

// cardAt finds a card of the operator's sites. One of another site is not told
// from one that is not there.
func (d *Desk) cardAt(t turn, by operators.Operator, id string) (card, error) {
	c, ok, err := find(t.tx, id)
	if err == nil && (!ok || !by.At(c.Site)) {
		err = No(fmt.Sprintf("there is no card %q at your sites: \"fleet card find NAME\" looks for one", id))
	}
	return c, err
}

// wait keeps an order until a second operator agrees.
func (d *Desk) wait(t turn, c card, o order) (wire.CardDone, error) {
	var none wire.CardDone
	if o.By == "" {
		return none, No("it takes two operators: they ask for it with \"fleet card\"")
	}
	id, err := d.id()
	if err != nil {
		return none, err
	}
	id = id[:12] // somebody reads it out; whoever agrees has to be an operator all the same
	return wire.CardDone{Agree: id}, errors.Join(
		d.keepOrder(t, id, o),
		t.later(o.Until, old{Order: id}),
		d.because(t, c.ID, audit.SecondAsked, string(o.Kind), o.Body.Reason))
}

// keepOrder keeps an order, sealed.
func (d *Desk) keepOrder(t turn, id string, o order) error {
	text, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("keeping an order: %w", err)
	}
	sealed, err := d.cfg.Keys.Seal(keyring.Field, orderTable, id, text)
	if err != nil {
		return err
	}
	return orders().Put(t.tx, id, sealed)
}

// order finds an order that still waits.
func (d *Desk) order(t turn, id string) (order, bool, error) {
	sealed, ok, err := orders().Find(t.tx, id)
	if err != nil || !ok {
		return order{}, false, err
	}
	return d.openOrder(t, id, sealed)
}

func (d *Desk) openOrder(t turn, id string, sealed []byte) (o order, ok bool, err error) {
	text, err := d.cfg.Keys.Open(keyring.Field, orderTable, id, sealed)
	if err != nil {
		return o, false, err
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return o, false, fmt.Errorf("reading an order: %w", err)
	}
	return o, t.now.Before(o.Until), nil
}

// because writes an entry with a reason and the operators' notes, sealed for
// the person.
func (d *Desk) because(t turn, card string, what string, note, reason string) error {
	p, err := d.log.Person(t.tx, card)
	if err != nil {
		return err
	}
	sealed, err := p.Seal(reason)
	if err != nil {
		return err
	}
	signed, err := sealNotes(p, t.notes)
	if err != nil {
		return err
	}
	return d.entry(t, card, wire.AuditEntry{What: what, Note: note, Reason: sealed, Notes: signed})
}
