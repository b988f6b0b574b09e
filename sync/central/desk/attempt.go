package desk

import (
	"errors"
	"fmt"
	"slices"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// attempt is a row of the ledger, with what its proof is bound to.
type attempt struct {
	ledger.Row
	Site         string `json:"site"`
	Name         string `json:"name,omitempty"` // of the terminal
	Case         string `json:"case"`
	Registration string `json:"registration"`
	Asked        []int  `json:"asked"` // when it began: an unlock chooses anew
	SealTo       []byte `json:"seal_to"`
}

// Attempts by card and epoch, where each one is, and those without a proof.
func attempts() store.Table[attempt]       { return store.Table[attempt]{Name: "attempts"} }
func attemptKeys() store.Table[string]     { return store.Table[string]{Name: "attempt-key"} }
func attemptsOpen() store.Table[string]    { return store.Table[string]{Name: "attempt-open"} }
func (a attempt) key() string              { return fmt.Sprintf("%s/%08d/%s", a.Card, a.Epoch, a.Attempt) }
func (d *Desk) due(a attempt, t turn) bool { return d.ledger().Settle(a.Row, t.now).State != a.State }

// attemptOf finds an attempt by its id.
func attemptOf(tx store.Tx, id string) (a attempt, ok bool, err error) {
	key, ok, err := attemptKeys().Find(tx, id)
	if err != nil || !ok {
		return a, false, err
	}
	return attempts().Find(tx, key)
}

// rows are the attempts on a card that may still count.
func (d *Desk) rows(tx store.Tx, c card) ([]attempt, error) {
	var rows []attempt
	for row, err := range attempts().Each(tx, c.ID+"/") {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row.Value)
	}
	return rows, nil
}

// write keeps a row; open ones are listed, so that [Desk.Sweep] finds them.
func write(t turn, a attempt) error {
	if err := attempts().Put(t.tx, a.key(), a); err != nil {
		return err
	}
	if err := attemptKeys().Put(t.tx, a.Attempt, a.key()); err != nil {
		return err
	}
	if a.State == ledger.Open {
		return attemptsOpen().Put(t.tx, a.Attempt, a.Card)
	}
	return attemptsOpen().Delete(t.tx, a.Attempt)
}

// settle writes down which open attempts have expired meanwhile, mails that to
// the holder, and returns the card's rows as they are now.
func (d *Desk) settle(t turn, c *card) ([]attempt, error) {
	rows, err := d.rows(t.tx, *c)
	if err != nil {
		return nil, err
	}
	changed := false
	for i, a := range rows {
		if !d.due(a, t) {
			continue
		}
		changed = true
		rows[i].Row = d.ledger().Settle(a.Row, t.now)
		if err := write(t, rows[i]); err != nil {
			return nil, err
		}
		e := wire.AuditEntry{What: audit.AttemptExpired, By: audit.Terminal(a.Terminal), Site: a.Site}
		if err := d.entry(t, c.ID, e); err != nil {
			return nil, err
		}
		if err := d.lost(t, *c, rows[i], rows); err != nil {
			return nil, err
		}
	}
	if changed {
		err = d.keep(t, c)
	}
	return rows, err
}

// lost counts a failed attempt, which is among the rows, against its terminal
// too, and tells the holder. A lockout that it comes to is written down, once:
// attempts that ran out together are lost one after the other.
func (d *Desk) lost(t turn, c card, a attempt, rows []attempt) error {
	before := slices.DeleteFunc(slices.Clone(rows), func(r attempt) bool { return r.Attempt == a.Attempt || d.due(r, t) })
	locks := !d.lockedOut(c, before, t.now) && d.lockedOut(c, append(before, a), t.now)
	if locks {
		e := wire.AuditEntry{What: audit.LockedOut, By: audit.Terminal(a.Terminal), Site: a.Site, Note: "failed attempts"}
		if err := d.entry(t, c.ID, e); err != nil {
			return err
		}
	}
	return errors.Join(d.spendFailure(t, a, locks), d.tellFailed(t, c, a, rows))
}

// attemptBegin debits one attempt and evaluates its answers, in this
// transaction. Everything that can be refused is refused before both.
func (d *Desk) attemptBegin(t turn, b wire.AttemptBeginBody) (wire.AttemptBeginReply, error) {
	var none wire.AttemptBeginReply
	c, err := d.card(t, b.Card)
	if err != nil {
		return none, err
	}
	rows, err := d.settle(t, &c)
	if err != nil {
		return none, err
	}
	r, err := d.mayAttempt(t, c, rows, b)
	if err != nil {
		return none, err
	}
	elements, err := d.evaluate(c, r, r.Asked, b.Elements)
	if err != nil {
		return none, err
	}
	a, err := d.debit(t, c, rows, r, b)
	if err != nil {
		return none, err
	}
	if err := write(t, a); err != nil {
		return none, err
	}
	return wire.AttemptBeginReply{Attempt: a.Attempt, Case: a.Case, Elements: elements}, d.note(t, c.ID, audit.AttemptBegun, "")
}

// mayAttempt checks all but the elements, the cheap things first.
func (d *Desk) mayAttempt(t turn, c card, rows []attempt, b wire.AttemptBeginBody) (registry.Registration, error) {
	var none registry.Registration
	if _, open, err := d.openCase(t, c); err != nil {
		return none, err
	} else if open {
		return none, refused(wire.CodePage)
	}
	if err := d.usable(t, c, rows); err != nil {
		return none, err
	}
	r, ok, err := registry.Get(t.tx, c.Registration)
	switch {
	case err != nil:
		return none, err
	case !ok:
		return none, refused(wire.Unregistered)
	case !d.policy().Questions, b.Registration != r.ID, len(b.Elements) != len(r.Asked):
		return none, refused(wire.BadRequest)
	case c.PUK.UsedUp():
		return none, refused(wire.Retired)
	case d.ledger().Left(plain(rows), c.Epoch, t.now) == 0:
		return none, refused(wire.TooMany) // the last ones are under way
	}
	if err := d.mayFail(t); err != nil {
		return none, err
	}
	if _, err := d.mayOpen(t, c, wire.ForUnlock); err != nil {
		return none, err
	}
	_, err = d.proved(t, c, b.Proof, "", b.SealTo)
	return r, err
}

// debit makes the row of a new attempt.
func (d *Desk) debit(t turn, c card, rows []attempt, r registry.Registration, b wire.AttemptBeginBody) (attempt, error) {
	id, err := d.id()
	if err != nil {
		return attempt{}, err
	}
	caseID, err := d.id()
	if err != nil {
		return attempt{}, err
	}
	row, ok := d.ledger().Debit(plain(rows), c.Epoch, id, t.who.ID, c.ID, t.now)
	if !ok {
		return attempt{}, refused(wire.TooMany)
	}
	return attempt{
		Row: row, Site: t.who.Site, Name: t.who.Name,
		Case: caseID, Registration: r.ID, Asked: r.Asked, SealTo: slices.Clone(b.SealTo),
	}, nil
}

// evaluate is central's half of turning answers into keys.
func (d *Desk) evaluate(c card, r registry.Registration, questions []int, elements [][]byte) ([][]byte, error) {
	keys := make([]answer.Key, 0, len(questions))
	for _, q := range questions {
		k, err := d.cfg.Keys.Key(keyring.OPRF, d.version(r, q))
		if err != nil {
			return nil, err
		}
		key, err := answer.QuestionKey(k, r.Salt, c.ID, r.ID, q)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	out, err := answer.Evaluate(keys, elements)
	if err != nil {
		return nil, refused(wire.BadRequest)
	}
	return out, nil
}

// version is that of the OPRF key of a question: each keeps its own.
func (d *Desk) version(r registry.Registration, question int) int {
	for _, k := range r.Keys {
		if k.Form.Question == question {
			return k.Form.OPRF
		}
	}
	return r.OPRF
}
