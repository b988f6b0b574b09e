package desk

import (
	"cmp"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// note writes down what this turn did to the holder of a card.
func (d *Desk) note(t turn, card string, what string, note string) error {
	return d.entry(t, card, wire.AuditEntry{What: what, Note: note})
}

// entry writes an entry about the holder of a card; what it does not say of
// who and where is the turn's. What was done at no terminal happened at the
// card's site: those who look after others do not read of it.
func (d *Desk) entry(t turn, card string, e wire.AuditEntry) error {
	p, err := d.log.Person(t.tx, card)
	if err != nil {
		return err
	}
	e.At, e.Person = t.now, p.Name()
	if e.By == "" {
		e.By, e.Second, e.Site = cmp.Or(t.by, t.who.by()), t.agree, t.who.Site
	}
	if e.Site == "" {
		c, _, err := find(t.tx, card)
		if err != nil {
			return err
		}
		e.Site = c.Site
	}
	return d.log.Add(t.tx, e)
}

// by is the terminal as who did something; without one it was central.
func (w Terminal) by() string {
	if w.ID == "" {
		return audit.Central
	}
	return audit.Terminal(w.ID)
}

// noteCode writes down what a typed code was.
func (d *Desk) noteCode(t turn, k cases.Case, v wire.Verdict) error {
	what := audit.CodeWrong
	if v == wire.CodeRight || v == wire.CodeNext {
		what = audit.CodeRight
	}
	return d.note(t, k.Card, what, string(k.Purpose)+": "+string(v))
}

// Went writes down what the mail server said of a letter.
func (d *Desk) Went(tx store.Tx, l mail.Letter, f mail.Fate) error {
	if _, known, err := d.log.Known(tx, l.Card); err != nil || !known || l.Brief {
		return err // nobody is to tell any more whose it was
	}
	what, ok := map[wire.MailState]string{
		wire.MailTaken: audit.LetterTaken, wire.MailDeferred: audit.LetterDeferred, wire.MailRefused: audit.LetterRefused,
	}[f.State]
	if !ok {
		what = audit.LetterDropped
	}
	note := string(l.Kind)
	if f.State == wire.MailDeferred || f.State == wire.MailRefused {
		note += ": " + f.Reply.String()
	}
	return d.note(turn{tx: tx, now: d.cfg.Now()}, l.Card, what, note)
}
