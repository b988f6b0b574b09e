package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// The code of the IT booth (PROTOCOL, "Cases, codes, grants").
const (
	assistDigits = 8
	assistLife   = 10 * time.Minute
	assistTries  = 5
)

// assistCode is a code of the IT booth for one card. The code itself is not
// kept.
type assistCode struct {
	Key    int       `json:"key"` // version of the code key
	MAC    []byte    `json:"mac"`
	Until  time.Time `json:"until"`
	Tries  int       `json:"tries"`  // wrong ones
	Second bool      `json:"second"` // two operators gave it out
	Case   string    `json:"case,omitempty"`
}

// assists holds the newest code of each card.
func assists() store.Table[assistCode] { return store.Table[assistCode]{Name: "assist"} }

func (d *Desk) assistMAC(version int, card, code string) ([]byte, error) {
	key, err := d.cfg.Keys.Key(keyring.Code, version)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{"unlockpoint assist v1", card, code} {
		mac.Write(binary.BigEndian.AppendUint16(nil, uint16(len(part))))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil), nil
}

// mayAssist refuses a code that could unlock nothing.
func (d *Desk) mayAssist(c card) error {
	switch {
	case c.Frozen:
		return No("the card is frozen: unfreeze it first")
	case c.PUK.UsedUp():
		return No("the card cannot be unlocked any more: it has to be replaced")
	case c.PUK.Doubtful():
		return No("nobody knows which key the card has now: unlock it at the IT booth")
	}
	return nil
}

// assist makes a code that stands for the questions and the mail, once.
func (d *Desk) assist(t turn, c card, reason string) (wire.CardDone, error) {
	var none wire.CardDone
	raw, err := d.random(8)
	if err != nil {
		return none, err
	}
	code := fmt.Sprintf("%0*d", assistDigits, binary.BigEndian.Uint64(raw)%1e8) // 2^64 is so much more that no code is likelier
	row := assistCode{Until: t.now.Add(assistLife), Second: t.agree != ""}
	row.Key, _ = d.cfg.Keys.Newest(keyring.Code)
	if row.MAC, err = d.assistMAC(row.Key, c.ID, code); err != nil {
		return none, err
	}
	return wire.CardDone{Code: code, Minutes: int(assistLife / time.Minute)}, errors.Join(
		assists().Put(t.tx, c.ID, row),
		t.later(row.Until, old{Assist: c.ID}),
		d.because(t, c.ID, audit.AssistGiven, "", reason),
		d.tell(t, c, mail.Assisted))
}

// assistTake debits a try of the IT booth's code and says what it was. A right
// one opens a case that is accepted; typed again it goes on, at any terminal.
func (d *Desk) assistTake(t turn, b wire.AssistTakeBody) (wire.CodeCheckReply, error) {
	var none wire.CodeCheckReply
	if len(b.Code) != assistDigits { // costs nothing: it can be no code
		return none, refused(wire.BadRequest)
	}
	c, err := d.card(t, b.Card)
	switch {
	case err != nil:
		return none, err
	case c.Frozen:
		return none, refused(wire.Frozen)
	case c.PUK.UsedUp():
		return none, refused(wire.Retired)
	}
	if _, err := d.proved(t, c, b.Proof, "", b.SealTo); err != nil {
		return none, err
	}
	row, ok, err := assists().Find(t.tx, c.ID)
	switch {
	case err != nil:
		return none, err
	case !ok:
		return wire.CodeCheckReply{Verdict: wire.CodeWrong}, nil
	case !t.now.Before(row.Until):
		return wire.CodeCheckReply{Verdict: wire.CodeExpired}, nil
	case row.Tries >= assistTries:
		return wire.CodeCheckReply{Verdict: wire.CodeUsedUp}, nil
	}
	want, err := d.assistMAC(row.Key, c.ID, string(b.Code))
	if err != nil {
		return none, err
	}
	if !hmac.Equal(want, row.MAC) {
		return d.assistWrong(t, c, row)
	}
	return d.assistRight(t, c, row)
}

func (d *Desk) assistWrong(t turn, c card, row assistCode) (wire.CodeCheckReply, error) {
	verdict := wire.CodeWrong
	if row.Tries++; row.Tries >= assistTries {
		verdict = wire.CodeUsedUp
	}
	return wire.CodeCheckReply{Verdict: verdict}, errors.Join(
		assists().Put(t.tx, c.ID, row),
		d.note(t, c.ID, audit.AssistWrong, ""))
}

func (d *Desk) assistRight(t turn, c card, row assistCode) (wire.CodeCheckReply, error) {
	var none wire.CodeCheckReply
	k, err := d.assisted(t, &c, row)
	if err != nil {
		return none, err
	}
	k = d.cases().Accept(k, t.who.ID, t.who.Site, t.now)
	row.Case, row.Until = k.ID, k.Until
	err = errors.Join(
		caseTable().Put(t.tx, k.ID, k),
		assists().Put(t.tx, c.ID, row),
		d.note(t, c.ID, audit.AssistRight, ""),
		d.keep(t, &c))
	return wire.CodeCheckReply{Verdict: wire.CodeRight, Case: d.cases().View(k, t.now)}, err
}

// assisted is the case of a right code: the one that it opened, or a new one in
// place of what was under way.
func (d *Desk) assisted(t turn, c *card, row assistCode) (cases.Case, error) {
	if row.Case != "" {
		k, ok, err := caseTable().Find(t.tx, row.Case)
		if err != nil || !ok || !d.cases().Open(k, t.now) {
			return k, orRefused(err, wire.NoCase)
		}
		return k, nil
	}
	if err := d.endCase(t, c.Case, cases.Replaced); err != nil {
		return cases.Case{}, err
	}
	id, err := d.id()
	if err != nil {
		return cases.Case{}, err
	}
	c.Case = id
	k := cases.Case{ID: id, Purpose: wire.ForUnlock, Card: c.ID, Registration: c.Registration, Epoch: c.Epoch,
		Assist: true, Second: row.Second}
	return k, t.later(t.now.Add(keepCase), old{Case: id})
}

// forgetAssist forgets a code that is over.
func (d *Desk) forgetAssist(t turn, o old) error {
	row, ok, err := assists().Find(t.tx, o.Assist)
	if err != nil || !ok {
		return err
	}
	if t.now.Before(row.Until) {
		return t.later(row.Until, o)
	}
	return assists().Delete(t.tx, o.Assist)
}
