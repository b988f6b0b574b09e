package desk

import (
	"encoding/json"
	"fmt"

	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/grant"
	"unlockpoint/sync/central/keyring"
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
