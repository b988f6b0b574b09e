package desk

import (
	"encoding/json"
	"fmt"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
)

// about is what a letter's composer needs beyond the letter. It names no
// person: a new address is masked.
type about struct {
	Terminal string `json:"terminal"`
	Site     string `json:"site"`
	Left     int    `json:"left,omitempty"`
	Newer    string `json:"newer,omitempty"`
	Link     int    `json:"link,omitempty"` // version of the key of the freeze link; 0: it has none
}

// write puts a letter into the outbox, in this transaction.
func (d *Desk) write(t turn, l mail.Letter, to string, a about) error {
	if a.Terminal == "" && a.Site == "" {
		a.Terminal, a.Site = t.who.name(), t.who.Site
	}
	if d.mayFreeze(l) {
		var err error
		if a.Link, err = d.lend(t, l); err != nil {
			return err
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("writing a letter: %w", err)
	}
	l.About = string(text)
	if l.To, err = d.cfg.Keys.Seal(keyring.Field, "letters", l.Key, []byte(to)); err != nil {
		return err
	}
	return mail.Put(t.tx, l)
}

func (w Terminal) name() string {
	if w.Name != "" {
		return w.Name
	}
	return w.ID
}

// tellFailed mails the holder that an attempt failed. Without an address
// there is nobody to tell.
func (d *Desk) tellFailed(t turn, c card, a attempt, rows []attempt) error {
	address, err := d.address(c, t.now)
	if err != nil || address == "" {
		return err
	}
	left := d.ledger().Left(plain(rows), c.Epoch, t.now)
	where := Terminal{ID: a.Terminal, Name: a.Name}.name()
	l := mail.Letter{Key: "failed/" + a.Attempt, Kind: mail.AttemptFailed, Card: c.ID, At: t.now}
	return d.write(t, l, address, about{Terminal: where, Site: a.Site, Left: left})
}

var _ mail.Composer = (*Desk)(nil)

// Compose says what a letter says, at the moment of sending: only then is its
// code worked out and its address opened. A code whose case went on without
// it is not wanted any more.
func (d *Desk) Compose(tx store.Tx, l mail.Letter) (mail.Message, error) {
	var a about
	if err := json.Unmarshal([]byte(l.About), &a); err != nil {
		return mail.Message{}, fmt.Errorf("composing a letter: %w", err)
	}
	c, ok, err := find(tx, l.Card)
	if err != nil || !ok {
		return mail.Message{}, orGone(err)
	}
	to, err := d.cfg.Keys.Open(keyring.Field, "letters", l.Key, l.To)
	if err != nil {
		return mail.Message{}, err
	}
	name, err := d.holder(c)
	if err != nil {
		return mail.Message{}, err
	}
	m := mail.Message{
		Kind: l.Kind, To: string(to), Name: name, Terminal: a.Terminal, Site: d.rules.Load().sites[a.Site],
		At: l.At, AttemptsLeft: a.Left, Address: a.Newer,
	}
	if a.Link > 0 {
		token, err := d.token(a.Link, l.Key)
		if err != nil {
			return m, err
		}
		m.Freeze = d.cfg.FreezeURL + token
	}
	if l.Kind != mail.UnlockCode && l.Kind != mail.RegisterCode {
		return m, nil
	}
	m.Code, m.Minutes, err = d.codeOf(tx, l, m.To)
	return m, err
}

// codeOf is the code that a letter carries, and how many minutes it has left.
func (d *Desk) codeOf(tx store.Tx, l mail.Letter, address string) (string, int, error) {
	k, ok, err := caseTable().Find(tx, l.Case)
	now := d.cfg.Now()
	if err != nil || !ok || !d.cases().Open(k, now) || k.Accepted {
		return "", 0, orGone(err)
	}
	if at, err := d.caseAddress(k); err != nil || at != address {
		return "", 0, orGone(err) // the case has moved on to another address
	}
	code, err := d.code(k, address)
	return code, (d.cases().View(k, now).SecondsLeft + 59) / 60, err
}

func orGone(err error) error {
	if err != nil {
		return err
	}
	return mail.ErrNotWanted
}
