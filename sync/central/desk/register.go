package desk

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/wire"
)

// saltSize is that of a registration's salt: as long as the hash it feeds.
const saltSize = 32

// registerBegin mints a registration for the insertion that proved its card.
// One that was under way for the card is over.
func (d *Desk) registerBegin(t turn, b wire.RegisterBeginBody) (wire.RegisterBeginReply, error) {
	var none wire.RegisterBeginReply
	c, err := d.card(t, b.Card)
	if err != nil {
		return none, err
	}
	rows, err := d.settle(t, &c)
	if err != nil {
		return none, err
	}
	if err := d.usable(t, c, rows); err != nil {
		return none, err
	}
	address, err := d.mayOpen(t, c, wire.ForRegister)
	if err != nil {
		return none, err
	}
	if _, err := d.proved(t, c, b.Proof, "", b.SealTo); err != nil {
		return none, err
	}
	if err := d.dropPending(t, c); err != nil {
		return none, err
	}
	r, err := d.mint(t, c, b.SealTo)
	if err != nil {
		return none, err
	}
	c.Pending = r.ID
	if err := d.note(t, c.ID, audit.RegisterBegun, ""); err != nil {
		return none, err
	}
	local, _, _ := strings.Cut(address, "@")
	return wire.RegisterBeginReply{
		Registration: r.ID, OPRF: r.OPRF, Normaliser: r.Normaliser, Argon: r.Argon,
		Address: Mask(address), Local: local, TTL: d.policy().RegisterLife,
	}, d.keep(t, &c)
}

// mint makes and keeps a pending registration.
func (d *Desk) mint(t turn, c card, sealTo []byte) (registry.Registration, error) {
	id, err := d.id()
	if err != nil {
		return registry.Registration{}, err
	}
	salt, err := d.random(saltSize)
	if err != nil {
		return registry.Registration{}, err
	}
	version, _ := d.cfg.Keys.Newest(keyring.OPRF)
	r := registry.Registration{
		ID: id, Card: c.ID, Terminal: t.who.ID, SealTo: slices.Clone(sealTo), Begun: t.now,
		Salt: salt, OPRF: version, Normaliser: answer.Version, Argon: d.cfg.Argon,
	}
	return r, errors.Join(registry.Put(t.tx, r), t.later(d.dies(r), old{Registration: r.ID}))
}

// dropPending ends the registration that was under way, with its case.
func (d *Desk) dropPending(t turn, c card) error {
	r, ok, err := registry.Get(t.tx, c.Pending)
	if err != nil || !ok {
		return err
	}
	if err := d.endCase(t, r.Case, cases.Replaced); err != nil {
		return err
	}
	return registry.Forget(t.tx, r.ID)
}

// endCase ends a case that is still open.
func (d *Desk) endCase(t turn, id string, end cases.End) error {
	k, ok, err := caseTable().Find(t.tx, id)
	if err != nil || !ok || k.End != "" {
		return err
	}
	k.End = end
	return caseTable().Put(t.tx, k.ID, k)
}

// pending finds a registration under way, for the terminal and the insertion
// that it belongs to.
func (d *Desk) pending(t turn, id string, sealTo []byte) (registry.Registration, card, error) {
	var none registry.Registration
	r, ok, err := registry.Get(t.tx, id)
	if err != nil || !ok {
		return none, card{}, orRefused(err, wire.NoCase)
	}
	switch {
	case r.Live: // its keys are for attempt.begin alone
		return none, card{}, refused(wire.BadRequest)
	case r.Terminal != t.who.ID:
		return none, card{}, refused(wire.OtherTerminal)
	case !bytes.Equal(r.SealTo, sealTo):
		return none, card{}, refused(wire.NoCase) // of a card that has been out since
	case !t.now.Before(d.dies(r)):
		return none, card{}, refused(wire.NoCase)
	}
	c, err := d.card(t, r.Card)
	if err == nil && c.Pending != r.ID {
		err = refused(wire.NoCase)
	}
	if err == nil && c.Frozen {
		err = refused(wire.Frozen)
	}
	return r, c, err
}

// registerEvaluate evaluates the chosen questions of a pending registration,
// all at once and once.
func (d *Desk) registerEvaluate(t turn, b wire.RegisterEvaluateBody) (wire.Evaluated, error) {
	var none wire.Evaluated
	r, c, err := d.pending(t, b.Registration, b.SealTo)
	if err != nil {
		return none, err
	}
	if len(r.Evaluated) > 0 {
		return none, refused(wire.TooMany)
	}
	if !d.choice(b.Questions) || len(b.Elements) != len(b.Questions) {
		return none, refused(wire.BadRequest)
	}
	elements, err := d.evaluate(c, r, b.Questions, b.Elements)
	if err != nil {
		return none, err
	}
	r.Evaluated = slices.Clone(b.Questions)
	return wire.Evaluated{Elements: elements}, registry.Put(t.tx, r)
}

// choice reports whether questions are what a holder may choose: so many of
// the bank, each once.
func (d *Desk) choice(questions []int) bool {
	if !d.policy().Questions || len(questions) != d.policy().Choose {
		return false
	}
	for i, q := range questions {
		if q < 1 || q > d.policy().Bank || slices.Contains(questions[:i], q) {
			return false
		}
	}
	return true
}

// keysFit checks that the keys are those of the evaluated questions, made as
// the registration says, and that somebody holds each.
func keysFit(r registry.Registration, keys []wire.QuestionKey) error {
	if len(keys) != len(r.Evaluated) {
		return refused(wire.BadRequest)
	}
	for i, k := range keys {
		if k.Form != r.Form(r.Evaluated[i]) || len(k.Public) != ed25519.PublicKeySize {
			return refused(wire.BadRequest)
		}
		if !ed25519.Verify(k.Public, answer.EnrolText(r.ID, r.Card, k.Form, k.Public), k.Signature) {
			return refused(wire.WrongProof)
		}
	}
	return nil
}
