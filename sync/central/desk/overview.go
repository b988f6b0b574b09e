package desk

import (
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Overview is what central knows, in numbers and without a person: for the
// strip of the demo and for central.json.
type Overview struct {
	Cards         int       `json:"cards"`
	Registrations int       `json:"registrations"`
	Lockouts      int       `json:"lockouts"`
	Cases         int       `json:"cases"`        // open ones
	FactoryKeys   int       `json:"factory_keys"` // cards whose key is one that anybody knows
	Rows          []CardRow `json:"rows"`

	Reports map[string]int `json:"reports"` // by terminals, by their kind
}

// CardRow is one card in an overview.
type CardRow struct {
	Card         string         `json:"card"`
	Site         string         `json:"site"`
	Standing     wire.Standing  `json:"standing"`
	AttemptsLeft int            `json:"attempts_left"`
	WrongCodes   int            `json:"wrong_codes"`
	Epoch        int            `json:"epoch"`
	Case         *wire.CaseView `json:"case,omitempty"` // open, without an address
	Terminal     string         `json:"terminal,omitempty"`
}

// overviewRows is how many cards an overview lists; it counts all.
const overviewRows = 50

// Overview counts and lists what central knows.
func (d *Desk) Overview(tx store.Tx) (Overview, error) {
	o := Overview{Rows: []CardRow{}}
	for c, err := range d.every(tx) {
		if err != nil {
			return o, err
		}
		row, err := d.row(tx, c)
		if err != nil {
			return o, err
		}
		o.count(c, row)
		if len(o.Rows) < overviewRows {
			o.Rows = append(o.Rows, row)
		}
	}
	var err error
	o.Reports, err = reportsSoFar(tx)
	return o, err
}

func (o *Overview) count(c card, row CardRow) {
	o.Cards++
	if c.Registration != "" {
		o.Registrations++
	}
	if row.Standing == wire.StandsLocked {
		o.Lockouts++
	}
	if row.Case != nil {
		o.Cases++
	}
	if c.PUK.Current().Factory {
		o.FactoryKeys++
	}
}

func (d *Desk) row(tx store.Tx, c card) (CardRow, error) {
	t := turn{tx: tx, now: d.cfg.Now()}
	rows, err := d.rows(tx, c)
	if err != nil {
		return CardRow{}, err
	}
	row := CardRow{
		Card: c.ID, Site: c.Site, Epoch: c.Epoch, WrongCodes: c.Wrong,
		Standing:     d.standing(c, rows, t.now),
		AttemptsLeft: d.ledger().Left(plain(rows), c.Epoch, t.now),
	}
	k, open, err := d.underWay(t, c)
	if err != nil || !open {
		return row, err
	}
	v := d.cases().View(k, t.now)
	v.Mail, err = mail.StateOf(tx, k.Letter())
	row.Case, row.Terminal = &v, k.Terminal
	return row, err
}

// underWay is the card's open case: to unlock it, else to register it.
func (d *Desk) underWay(t turn, c card) (cases.Case, bool, error) {
	k, open, err := d.openCase(t, c)
	if open || err != nil || c.Pending == "" {
		return k, open, err
	}
	r, ok, err := registry.Get(t.tx, c.Pending)
	if err != nil || !ok {
		return k, false, err
	}
	k, ok, err = caseTable().Find(t.tx, r.Case)
	return k, ok && d.cases().Open(k, t.now), err
}
