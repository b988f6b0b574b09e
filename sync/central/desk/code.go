package desk

import (
	"crypto/hmac"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/wire"
)

// codeDigits of every code (DESIGN section 2).
const codeDigits = 6

// code is the case's code: derived, never stored.
func (d *Desk) code(k cases.Case, address string) (string, error) {
	key, err := d.cfg.Keys.Key(keyring.Code, k.Key)
	if err != nil {
		return "", err
	}
	return answer.Code(key, k.Purpose, k.ID, k.Card, k.Registration, address), nil
}

// find looks up a case and its card.
func (d *Desk) caseAndCard(t turn, id string) (cases.Case, card, error) {
	k, ok, err := caseTable().Find(t.tx, id)
	if err != nil || !ok || !wire.ValidID(id) {
		return k, card{}, orRefused(err, wire.NoCase)
	}
	c, err := d.card(t, k.Card)
	if err == nil && c.Frozen {
		err = refused(wire.Frozen)
	}
	return k, c, err
}

// codeStatus tells the holder what became of the code mail.
func (d *Desk) codeStatus(t turn, b wire.CaseBody) (wire.CaseReply, error) {
	k, _, err := d.caseAndCard(t, b.Case)
	if err != nil {
		return wire.CaseReply{}, err
	}
	if no := d.cases().Holds(k, t.who.ID, t.now); no != "" {
		return wire.CaseReply{}, refused(no)
	}
	k.Held = t.now
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return wire.CaseReply{}, err
	}
	return d.shown(t, k)
}

// codeResend mails the same code again.
func (d *Desk) codeResend(t turn, b wire.CaseBody) (wire.CaseReply, error) {
	k, _, err := d.caseAndCard(t, b.Case)
	if err != nil {
		return wire.CaseReply{}, err
	}
	k, no := d.cases().Resend(k, t.who.ID, t.now)
	if no != "" {
		return wire.CaseReply{}, refused(no)
	}
	address, err := d.caseAddress(k)
	if err != nil {
		return wire.CaseReply{}, err
	}
	if err := d.mayPost(t, address); err != nil {
		return wire.CaseReply{}, err
	}
	if err := d.post(t, k, address); err != nil {
		return wire.CaseReply{}, err
	}
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return wire.CaseReply{}, err
	}
	return d.shown(t, k)
}

// codeCheck debits a try and says what the code was.
func (d *Desk) codeCheck(t turn, b wire.CodeCheckBody) (wire.CodeCheckReply, error) {
	var none wire.CodeCheckReply
	if len(b.Code) != codeDigits { // costs nothing: it can be no code
		return none, refused(wire.BadRequest)
	}
	k, c, err := d.caseAndCard(t, b.Case)
	if err != nil {
		return none, err
	}
	if no := d.cases().MayTry(k, t.who.ID, t.now); no != "" {
		return none, refused(no)
	}
	address, err := d.caseAddress(k)
	if err != nil {
		return none, err
	}
	want, err := d.code(k, address)
	if err != nil {
		return none, err
	}
	right := hmac.Equal([]byte(want), b.Code)
	tries := k.Tries
	k, verdict := d.cases().Try(k, t.who.ID, t.who.Site, right, t.now)
	c.Wrong += k.Tries - tries
	if err := d.noteCode(t, k, verdict); err != nil {
		return none, err
	}
	if most := d.policy().WrongCodes; c.Wrong >= most && c.Wrong-(k.Tries-tries) < most {
		if err := d.note(t, c.ID, audit.LockedOut, "wrong codes"); err != nil {
			return none, err
		}
	}
	if verdict == wire.CodeRight && k.Purpose == wire.ForRegister {
		return d.registerCode(t, c, k)
	}
	return d.checked(t, c, k, verdict)
}

// checked keeps what a try did. The last wrong code that the card may have
// ends the case as well: no guess is left in it. Whoever does not hold the
// case is not told where its code went.
func (d *Desk) checked(t turn, c card, k cases.Case, verdict wire.Verdict) (wire.CodeCheckReply, error) {
	var none wire.CodeCheckReply
	locked := c.Wrong >= d.policy().WrongCodes
	if locked && verdict == wire.CodeWrong {
		k.End, verdict = cases.UsedUp, wire.CodeUsedUp
	}
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return none, err
	}
	if err := d.keep(t, &c); err != nil {
		return none, err
	}
	v := d.cases().View(k, t.now)
	if k.Terminal == t.who.ID {
		var err error
		if v, err = d.view(t, k); err != nil {
			return none, err
		}
	}
	return wire.CodeCheckReply{Verdict: verdict, Locked: locked, Case: v}, nil
}
