package desk

import (
	"encoding/json"
	"errors"
	"fmt"

	"unlockpoint/reader/gids"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/audit"
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
	if no := d.cases().MayGrant(k, t.who.ID, t.now); no != "" {
		return none, refused(no)
	}
	if c.PUK.UsedUp() {
		return none, refused(wire.Retired)
	}
	if c.PUK.Doubtful() {
		return none, refused(wire.PUKDoubt)
	}
	if err := d.mayHaveKey(t, k, c, b); err != nil {
		return none, err
	}
	version, _ := d.cfg.Keys.Newest(keyring.Card)
	c.PUK = c.PUK.Offer(c.kind(), version)
	g, asked, err := d.grant(t, k, c, b)
	if err != nil {
		return none, err
	}
	defer wipe(g)
	sealed, err := d.sealGrant(t, g, b.SealTo)
	if err != nil {
		return none, err
	}
	k.Grants = append(k.Grants, cases.Grant{Terminal: t.who.ID, Generation: g.Generation, Asked: asked})
	k.Held = t.now
	if err := caseTable().Put(t.tx, k.ID, k); err != nil {
		return none, err
	}
	if err := d.note(t, c.ID, audit.GrantGiven, fmt.Sprintf("generation %d", g.Generation)); err != nil {
		return none, err
	}
	return wire.UnlockGrantReply{Grant: sealed}, d.keep(t, &c)
}

// mayHaveKey refuses the key of a card that is not proved to be in the reader.
// One of a kind that cannot prove itself has to come the whole way, by answers
// and code, or with a code that two operators gave out.
func (d *Desk) mayHaveKey(t turn, k cases.Case, c card, b wire.UnlockGrantBody) error {
	proved, err := d.proved(t, c, b.Proof, b.Case, b.SealTo)
	if err != nil || proved || c.kind().Asks {
		return err
	}
	if k.Assist && !k.Second || !k.Assist && !d.policy().Questions {
		return refused(wire.NoProof)
	}
	return nil
}

// grant is what unblocks the card: its PUK and the next one, or the answer to
// its challenge. Of our challenges each is answered once: see gids.Answer.
func (d *Desk) grant(t turn, k cases.Case, c card, b wire.UnlockGrantBody) (wire.Grant, *grant.Asked, error) {
	ring := cardRing{d.cfg.Keys}
	if !c.kind().Asks {
		g, err := c.PUK.Grant(ring, c.ID)
		return g, nil, err
	}
	digest := answer.CardDigest(t.who.SessNonce, c.ID, b.Case, b.SealTo)
	asked := &grant.Asked{Ours: gids.Challenge(digest), Its: b.Proof.Challenge}
	if k.Answered(asked.Ours) {
		return wire.Grant{}, nil, refused(wire.NoProof)
	}
	g, err := c.PUK.Answer(ring, c.ID, *asked)
	if errors.Is(err, gids.ErrChallenge) {
		err = refused(wire.NoProof)
	}
	return g, asked, err
}

func wipe(g wire.Grant) {
	clear(g.Current)
	clear(g.Next)
}

func (d *Desk) sealGrant(t turn, g wire.Grant, sealTo []byte) (*wire.Sealed, error) {
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
