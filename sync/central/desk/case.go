package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

const (
	day   = 24 * time.Hour
	month = 30 * day
)

// postedFor is the "hour" of policy's mails an hour.
const postedFor = time.Hour

// posted holds when code mails went to an address, under its pseudonym.
func posted() store.Table[time.Time] { return store.Table[time.Time]{Name: "posted"} }

// mayOpen refuses a case when there is no address, or when the card had too
// many cases or the address too many mails. It returns the address.
func (d *Desk) mayOpen(t turn, c card, purpose wire.Purpose) (string, error) {
	address, err := d.address(c, t.now)
	if err != nil {
		return "", err
	}
	if address == "" {
		return "", refused(wire.NoAddress)
	}
	opened := *c.opened(purpose)
	if since(opened, t.now, day) >= d.policy().CasesIn24h || since(opened, t.now, month) >= d.policy().CasesIn30d {
		return "", refused(wire.TooMany)
	}
	return address, d.mayPost(t, address)
}

// opened is when the card had cases: registering does not use up unlocking.
func (c *card) opened(purpose wire.Purpose) *[]time.Time {
	if purpose == wire.ForRegister {
		return &c.RegisterCases
	}
	return &c.UnlockCases
}

func since(times []time.Time, now time.Time, span time.Duration) (n int) {
	for _, at := range times {
		if now.Sub(at) < span {
			n++
		}
	}
	return n
}

// mayPost refuses another code mail to an address that had its share.
func (d *Desk) mayPost(t turn, address string) error {
	n := 0
	for row, err := range posted().Each(t.tx, d.pseudonym(address)+"/") {
		if err != nil {
			return err
		}
		if t.now.Sub(row.Value) < postedFor {
			n++
		}
	}
	if n >= d.policy().MailsAnHour {
		return refused(wire.TooMany)
	}
	return nil
}

// pseudonym stands for an address where it must be found but not read.
func (d *Desk) pseudonym(address string) string {
	_, key := d.cfg.Keys.Newest(keyring.Audit)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("unlockpoint posted v1\n" + strings.ToLower(address)))
	return fmt.Sprintf("%x", mac.Sum(nil)[:16])
}

// begin opens a case for the card, held by the terminal of this turn, and
// mails its first code. What k does not name yet is filled in here.
func (d *Desk) begin(t turn, c *card, k cases.Case, address string) (cases.Case, error) {
	k.Key, _ = d.cfg.Keys.Newest(keyring.Code)
	k.Card, k.Epoch, k.Terminal, k.Site = c.ID, c.Epoch, t.who.ID, t.who.Site
	opened := c.opened(k.Purpose)
	*opened = append(slices.DeleteFunc(*opened, func(at time.Time) bool { return t.now.Sub(at) >= month }), t.now)
	if k.Purpose == wire.ForUnlock {
		c.Case = k.ID
	}
	if err := errors.Join(d.keep(t, c), t.later(t.now.Add(keepCase), old{Case: k.ID})); err != nil {
		return k, err
	}
	return d.startCode(t, k, address)
}

// startCode begins the case's next code and mails it.
func (d *Desk) startCode(t turn, k cases.Case, address string) (cases.Case, error) {
	sealed, err := d.cfg.Keys.Seal(keyring.Field, "cases", k.ID, []byte(address))
	if err != nil {
		return k, err
	}
	k.Address = sealed
	k = d.cases().Start(k, t.now)
	if err := d.post(t, k, address); err != nil {
		return k, err
	}
	return k, caseTable().Put(t.tx, k.ID, k)
}

// post writes a code mail of the case, due at once.
func (d *Desk) post(t turn, k cases.Case, address string) error {
	kind := mail.UnlockCode
	if k.Purpose == wire.ForRegister {
		kind = mail.RegisterCode
	}
	row := fmt.Sprintf("%s/%s", d.pseudonym(address), k.Letter())
	if err := errors.Join(posted().Put(t.tx, row, t.now), t.later(t.now.Add(postedFor), old{Post: row})); err != nil {
		return err
	}
	letter := mail.Letter{Key: k.Letter(), Kind: kind, Card: k.Card, Case: k.ID, Send: k.Letters, At: t.now, Until: k.Until}
	return errors.Join(d.write(t, letter, address, about{}), d.note(t, k.Card, audit.CodeMailed, fmt.Sprintf("%s: number %d", k.Purpose, k.Letters)))
}

// caseAddress is where the case's code goes.
func (d *Desk) caseAddress(k cases.Case) (string, error) {
	if k.Assist {
		return "", nil // the IT booth said it
	}
	plain, err := d.cfg.Keys.Open(keyring.Field, "cases", k.ID, k.Address)
	return string(plain), err
}

// view is what the holder's page may show of the case.
func (d *Desk) view(t turn, k cases.Case) (wire.CaseView, error) {
	v := d.cases().View(k, t.now)
	address, err := d.caseAddress(k)
	if err != nil {
		return v, err
	}
	v.Address = Mask(address)
	v.Mail, err = mail.StateOf(t.tx, k.Letter())
	return v, err
}

// shown is the answer to whatever opens, takes or looks at a case.
func (d *Desk) shown(t turn, k cases.Case) (wire.CaseReply, error) {
	v, err := d.view(t, k)
	return wire.CaseReply{Case: v}, err
}

// caseTake makes the terminal the holder of the card's open case or, where
// policy asks no questions, opens one.
func (d *Desk) caseTake(t turn, b wire.CaseTakeBody) (wire.CaseReply, error) {
	c, err := d.card(t, b.Card)
	if err != nil {
		return wire.CaseReply{}, err
	}
	if c.Frozen {
		return wire.CaseReply{}, refused(wire.Frozen)
	}
	k, open, err := d.openCase(t, c)
	if err != nil {
		return wire.CaseReply{}, err
	}
	if !open {
		return d.caseOpen(t, c, b)
	}
	proved, err := d.proved(t, c, b.Proof, "", b.SealTo)
	if err != nil {
		return wire.CaseReply{}, err
	}
	was := k.Terminal
	k, no := d.cases().Take(k, t.who.ID, t.who.Site, proved, t.now)
	if no != "" {
		return wire.CaseReply{}, refused(no)
	}
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return wire.CaseReply{}, err
	}
	if k.Terminal != was {
		if err := d.note(t, k.Card, audit.CaseTaken, "from "+was); err != nil {
			return wire.CaseReply{}, err
		}
	}
	return d.shown(t, k)
}

// caseOpen opens an unlock case without questions.
func (d *Desk) caseOpen(t turn, c card, b wire.CaseTakeBody) (wire.CaseReply, error) {
	var none wire.CaseReply
	if d.policy().Questions {
		return none, refused(wire.NoCase)
	}
	rows, err := d.settle(t, &c)
	if err != nil {
		return none, err
	}
	if err := d.usable(t, c, rows); err != nil {
		return none, err
	}
	if c.PUK.UsedUp() {
		return none, refused(wire.Retired)
	}
	address, err := d.mayOpen(t, c, wire.ForUnlock)
	if err != nil {
		return none, err
	}
	if _, err := d.proved(t, c, b.Proof, "", b.SealTo); err != nil {
		return none, err
	}
	id, err := d.id()
	if err != nil {
		return none, err
	}
	k, err := d.begin(t, &c, cases.Case{ID: id, Purpose: wire.ForUnlock, Registration: c.Registration}, address)
	if err != nil {
		return none, err
	}
	return d.shown(t, k)
}
