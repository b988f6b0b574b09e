package desk

import (
	"bytes"
	"crypto/ed25519"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/wire"
)

// attemptProve takes the proof of an open attempt, once, and says one yes or
// no. A yes opens the case that the attempt named.
func (d *Desk) attemptProve(t turn, b wire.AttemptProveBody) (wire.AttemptProveReply, error) {
	var none wire.AttemptProveReply
	a, c, err := d.openAttempt(t, b)
	if err != nil {
		return none, err
	}
	r, ok, err := registry.Get(t.tx, a.Registration)
	if err != nil {
		return none, err
	}
	if !ok || r.ID != c.Registration {
		return none, refused(wire.NoCase) // replaced meanwhile: the row runs out as a failure
	}
	r.Asked = a.Asked
	if len(b.Signatures) != len(r.Asked) {
		return none, refused(wire.BadRequest)
	}
	right := d.right(a, r, b)
	row, ok := d.ledger().Prove(a.Row, right, t.now)
	if !ok {
		return none, refused(wire.NoCase)
	}
	a.Row = row
	if err := write(t, a); err != nil {
		return none, err
	}
	what := audit.AttemptRight
	if !right {
		what = audit.AttemptWrong
	}
	if err := d.note(t, c.ID, what, ""); err != nil {
		return none, err
	}
	if !right {
		return d.failed(t, c, a)
	}
	return d.provedRight(t, c, a)
}

// openAttempt finds the attempt that a proof is for. Only the terminal and
// the insertion that began it may prove it.
func (d *Desk) openAttempt(t turn, b wire.AttemptProveBody) (attempt, card, error) {
	a, ok, err := attemptOf(t.tx, b.Attempt)
	if err != nil || !ok {
		return attempt{}, card{}, orRefused(err, wire.NoCase)
	}
	if a.Terminal != t.who.ID {
		return attempt{}, card{}, refused(wire.OtherTerminal)
	}
	if !bytes.Equal(a.SealTo, b.SealTo) {
		return attempt{}, card{}, refused(wire.BadRequest)
	}
	c, err := d.card(t, a.Card)
	if err != nil {
		return attempt{}, card{}, err
	}
	_, err = d.settle(t, &c)
	if err != nil {
		return attempt{}, card{}, err
	}
	a, err = attempts().Get(t.tx, a.key()) // as settled
	return a, c, err
}

func orRefused(err error, r wire.Refusal) error {
	if err != nil {
		return err
	}
	return refused(r)
}

// right reports whether every signature is by the key of its question. All
// are checked: how long it takes says nothing about which one was wrong.
func (d *Desk) right(a attempt, r registry.Registration, b wire.AttemptProveBody) bool {
	right := true
	for i, k := range r.AskedKeys() {
		text := answer.ProofText(answer.ProofOf{
			Attempt: a.Attempt, Case: a.Case, Card: a.Card, Registration: a.Registration,
			Question: k.Form.Question, Terminal: a.Terminal, SealTo: a.SealTo,
		})
		right = ed25519.Verify(k.Public, text, b.Signatures[i]) && right
	}
	return right
}

// failed tells the holder, the site and the terminal.
func (d *Desk) failed(t turn, c card, a attempt) (wire.AttemptProveReply, error) {
	rows, err := d.rows(t.tx, c)
	if err != nil {
		return wire.AttemptProveReply{}, err
	}
	if err := d.lost(t, c, a, rows); err != nil {
		return wire.AttemptProveReply{}, err
	}
	left := d.ledger().Left(plain(rows), c.Epoch, t.now)
	return wire.AttemptProveReply{AttemptsLeft: left}, d.keep(t, &c)
}

// provedRight opens the case, unless the card may not have one any more.
func (d *Desk) provedRight(t turn, c card, a attempt) (wire.AttemptProveReply, error) {
	rows, err := d.rows(t.tx, c)
	if err != nil {
		return wire.AttemptProveReply{}, err
	}
	if _, open, err := d.openCase(t, c); err != nil || open {
		return wire.AttemptProveReply{}, orRefused(err, wire.CodePage) // another attempt was right first
	}
	if err := d.usable(t, c, rows); err != nil {
		return wire.AttemptProveReply{}, err
	}
	address, err := d.mayOpen(t, c, wire.ForUnlock)
	if err != nil {
		return wire.AttemptProveReply{}, err
	}
	k, err := d.begin(t, &c, cases.Case{ID: a.Case, Purpose: wire.ForUnlock, Registration: a.Registration}, address)
	if err != nil {
		return wire.AttemptProveReply{}, err
	}
	view, err := d.view(t, k)
	left := d.ledger().Left(plain(rows), c.Epoch, t.now)
	return wire.AttemptProveReply{Right: true, AttemptsLeft: left, Case: &view}, err
}
