package desk

import (
	"encoding/json"
	"errors"
	"fmt"

	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/grant"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// cardRing opens and derives PUKs with the key ring.
type cardRing struct{ keys *keyring.Ring }

var _ grant.Ring = cardRing{}

func (r cardRing) CardKey(version int) ([]byte, error) { return r.keys.Key(keyring.Card, version) }

func (r cardRing) OpenPUK(card string, sealed []byte) ([]byte, error) {
	return r.keys.Open(keyring.Card, cardTable, card+"/puk", sealed)
}

// unlockGrant hands the holder of an accepted case, with the card in the
// reader, what unblocks it; sealed to the insertion.
func (d *Desk) unlockGrant(t turn, b wire.UnlockGrantBody) (wire.UnlockGrantReply, error) {
	var none wire.UnlockGrantReply
	k, c, err := d.caseAndCard(t, b.Case)
	if err != nil {
		return none, err
	}
	if b.Card != k.Card || c.Case != k.ID {
		return none, refused(wire.NoCase)
	}
	if no := d.cases.MayGrant(k, t.who.ID, t.now); no != "" {
		return none, refused(no)
	}
	if c.PUK.UsedUp() {
		return none, refused(wire.Retired)
	}
	if _, err := d.proved(t, c, b.Proof, k.ID, b.SealTo); err != nil {
		return none, err
	}
	version, _ := d.cfg.Keys.Newest(keyring.Card)
	c.PUK = c.PUK.Offer(version)
	sealed, err := d.sealGrant(t, c, b.SealTo)
	if err != nil {
		return none, err
	}
	k.Grants = append(k.Grants, cases.Grant{Terminal: t.who.ID, Generation: c.PUK.Current().Number})
	k.Held = t.now
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return none, err
	}
	return wire.UnlockGrantReply{Grant: sealed}, d.keep(t, &c)
}

func (d *Desk) sealGrant(t turn, c card, sealTo []byte) (*wire.Sealed, error) {
	g, err := c.PUK.Grant(cardRing{d.cfg.Keys}, c.ID)
	if err != nil {
		return nil, err
	}
	defer clear(g.Current)
	defer clear(g.Next)
	text, err := json.Marshal(g)
	if err != nil {
		return nil, fmt.Errorf("writing a grant: %w", err)
	}
	defer clear(text)
	sealed, err := wire.Seal(sealTo, d.cfg.Realm, t.reply, text)
	if err != nil {
		return nil, refused(wire.BadRequest) // not a key anybody can open with
	}
	return sealed, nil
}

// ErrFact says that a fact was taken and means nothing here: malformed, or
// about a grant that its terminal was never given. Nothing was written, and
// sending it again would not help.
var ErrFact = errors.New("the fact is of no use")

// Fact takes in one fact. The session has seen to it that each comes once and
// in order.
func (d *Desk) Fact(tx store.Tx, who Terminal, kind wire.Kind, body []byte) error {
	t := turn{tx: tx, who: who, now: d.cfg.Now()}
	switch kind {
	case wire.UnlockDone:
		return fact(body, func(b wire.UnlockDoneBody) error { return d.unlockDone(t, b) })
	case wire.Audit:
		return fact(body, func(wire.AuditBody) error { return nil })
	case wire.Step:
		return fact(body, func(wire.StepBody) error { return nil })
	case wire.Health:
		return fact(body, func(wire.HealthBody) error { return nil })
	}
	return fmt.Errorf("%w: unknown kind", ErrFact)
}

func fact[B any](body []byte, fn func(B) error) error {
	var b B
	if err := wire.Decode(body, &b); err != nil {
		return fmt.Errorf("%w: %w", ErrFact, err)
	}
	return fn(b)
}

// unlockDone takes in what became of a grant. It counts whenever it comes:
// the terminal may have been without a link for days.
func (d *Desk) unlockDone(t turn, b wire.UnlockDoneBody) error {
	k, ok, err := caseTable().Find(t.tx, b.Case)
	if err != nil {
		return err
	}
	if !ok || !k.Granted(t.who.ID, b.Generation) {
		return fmt.Errorf("%w: no such grant", ErrFact)
	}
	c, ok, err := find(t.tx, k.Card)
	if err != nil || !ok {
		return err
	}
	c.PUK = c.PUK.Done(b)
	if b.PIN == wire.PINReset && k.End != cases.Done {
		if err := d.completed(t, &c, k); err != nil {
			return err
		}
	}
	return d.keep(t, &c)
}

// completed ends the case and begins a new epoch. An unlock of an epoch that
// is over already does not begin another.
func (d *Desk) completed(t turn, c *card, k cases.Case) error {
	k.End = cases.Done
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return err
	}
	c.LastUnlock = t.now
	if c.Epoch == k.Epoch {
		if err := d.newEpoch(t, c); err != nil {
			return err
		}
	}
	address, err := d.address(*c, t.now)
	if err != nil || address == "" {
		return err
	}
	return d.write(t, mail.Letter{Key: "unlocked/" + k.ID, Kind: mail.Unlocked, Card: c.ID, Case: k.ID, At: t.now}, address, about{})
}

// newEpoch gives attempts and code tries back, forgets rows that count for
// nothing any more, and chooses which questions to ask next time.
func (d *Desk) newEpoch(t turn, c *card) error {
	c.Epoch++
	c.Wrong = 0
	rows, err := d.rows(t.tx, *c)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if !ledger.Needed(a.Row, c.Epoch, t.now) {
			if err := forget(t, a); err != nil {
				return err
			}
		}
	}
	r, ok, err := registry.Get(t.tx, c.Registration)
	if err != nil || !ok {
		return err
	}
	if r, err = r.Choose(d.cfg.Policy.Ask, d.cfg.Rand); err != nil {
		return err
	}
	return registry.Put(t.tx, r)
}

func forget(t turn, a attempt) error {
	return errors.Join(
		attempts().Delete(t.tx, a.key()),
		attemptKeys().Delete(t.tx, a.Attempt),
		attemptsOpen().Delete(t.tx, a.Attempt))
}
