package desk

import (
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func caseTable() store.Table[cases.Case] { return store.Table[cases.Case]{Name: "cases"} }

// look says how a card stands: no more than anybody holding it may know.
func (d *Desk) look(t turn, b wire.CardLookBody) (wire.CardLookReply, error) {
	if err := d.spendCard(t, b.Card); err != nil {
		return wire.CardLookReply{}, err
	}
	c, ok, err := find(t.tx, b.Card)
	if err != nil || !ok {
		return wire.CardLookReply{Standing: wire.StandsUnknown}, err
	}
	rows, err := d.settle(t, &c)
	if err != nil {
		return wire.CardLookReply{}, err
	}
	if err := d.retell(t, &c, rows); err != nil {
		return wire.CardLookReply{}, err
	}
	reply := wire.CardLookReply{
		Standing:     d.standing(c, rows, t.now),
		Registration: c.Registration,
		AttemptsLeft: d.ledger().Left(plain(rows), c.Epoch, t.now),
		CodeOnly:     !d.policy().Questions,
		LastUnlock:   c.LastUnlock,
	}
	if d.policy().Questions {
		if err := asked(t, c, &reply); err != nil {
			return reply, err
		}
	}
	open, ok, err := d.openCase(t, c)
	if ok {
		reply.Case, reply.Accepted = open.ID, open.Accepted
		reply.SecondsLeft = d.cases().View(open, t.now).SecondsLeft
	}
	return reply, err
}

// retell tells the card's site how it stands if time alone has changed that:
// the failures of 30 days grow old, and rules change between two starts.
func (d *Desk) retell(t turn, c *card, rows []attempt) error {
	_, told, err := d.news(t, *c, rows)
	if err != nil || told == c.Told {
		return err
	}
	return d.keep(t, c)
}

// asked fills in which questions to ask and how their keys are made.
func asked(t turn, c card, reply *wire.CardLookReply) error {
	r, ok, err := registry.Get(t.tx, c.Registration)
	if err != nil || !ok {
		return err
	}
	reply.Asked = r.Asked
	for _, k := range r.AskedKeys() {
		reply.Keys = append(reply.Keys, k.Form)
	}
	return nil
}

// openCase is the card's unlock case, if one is open.
func (d *Desk) openCase(t turn, c card) (cases.Case, bool, error) {
	if c.Case == "" || c.Frozen {
		return cases.Case{}, false, nil
	}
	found, ok, err := caseTable().Find(t.tx, c.Case)
	return found, ok && d.cases().Open(found, t.now), err
}
