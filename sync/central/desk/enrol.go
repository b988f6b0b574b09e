package desk

import (
	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/wire"
)

// registerSubmit takes the keys in and opens the register case. The code goes
// to the address on file, also when there is to be another one.
func (d *Desk) registerSubmit(t turn, b wire.RegisterSubmitBody) (wire.CaseReply, error) {
	var none wire.CaseReply
	r, c, err := d.pending(t, b.Registration, b.SealTo)
	if err != nil {
		return none, err
	}
	if d.policy().Questions && len(r.Evaluated) == 0 {
		return none, refused(wire.BadRequest)
	}
	if err := keysFit(r, b.Keys); err != nil {
		return none, err
	}
	onFile, err := d.address(c, t.now)
	if err != nil {
		return none, err
	}
	newer, err := d.newAddress(b.Address, onFile)
	if err != nil {
		return none, err
	}
	k, same, err := d.sameSubmit(t, r, newer)
	if err != nil {
		return none, err
	}
	if same {
		return d.shown(t, k)
	}
	address, err := d.mayOpen(t, c, wire.ForRegister)
	if err != nil {
		return none, err
	}
	if err := d.endCase(t, r.Case, cases.Replaced); err != nil {
		return none, err
	}
	return d.submit(t, c, r, b, address, newer)
}

// newAddress is the address that is to take over; empty when that is none or
// the one on file.
func (d *Desk) newAddress(asked, onFile string) (string, error) {
	if asked == "" || asked == onFile {
		return "", nil
	}
	newer, err := wire.ParseAddress(asked, d.policy().Domains)
	if err != nil {
		return "", refused(wire.BadAddress)
	}
	if newer == onFile {
		return "", nil
	}
	return newer, nil
}

// sameSubmit finds the case of a submission that says nothing new: its answer
// was lost, and nobody needs another mail.
func (d *Desk) sameSubmit(t turn, r registry.Registration, newer string) (cases.Case, bool, error) {
	k, ok, err := caseTable().Find(t.tx, r.Case)
	if err != nil || !ok || !d.cases().Open(k, t.now) {
		return k, false, err
	}
	before, err := d.pendingAddress(r)
	return k, before == newer, err
}

// pendingAddress is the new address of a pending registration, or empty.
func (d *Desk) pendingAddress(r registry.Registration) (string, error) {
	if len(r.Address) == 0 {
		return "", nil
	}
	plain, err := d.cfg.Keys.Open(keyring.Field, "registrations", r.ID, r.Address)
	return string(plain), err
}

func (d *Desk) submit(t turn, c card, r registry.Registration, b wire.RegisterSubmitBody, address, newer string) (wire.CaseReply, error) {
	var none wire.CaseReply
	id, err := d.id()
	if err != nil {
		return none, err
	}
	r.Case, r.Address, r.Keys = id, nil, nil
	for _, k := range b.Keys {
		r.Keys = append(r.Keys, registry.Key{Form: k.Form, Public: k.Public})
	}
	if newer != "" {
		if r.Address, err = d.cfg.Keys.Seal(keyring.Field, "registrations", r.ID, []byte(newer)); err != nil {
			return none, err
		}
	}
	if err := registry.Put(t.tx, r); err != nil {
		return none, err
	}
	k := cases.Case{
		ID: id, Purpose: wire.ForRegister, Registration: r.ID,
		Latest: d.dies(r),
	}
	if k, err = d.begin(t, &c, k, address); err != nil {
		return none, err
	}
	return d.shown(t, k)
}

// registerCode follows a right code: a changed address gets one of its own,
// else the registration replaces the old one, in this transaction.
func (d *Desk) registerCode(t turn, c card, k cases.Case) (wire.CodeCheckReply, error) {
	r, ok, err := registry.Get(t.tx, k.Registration)
	if err != nil || !ok || c.Pending != r.ID {
		return wire.CodeCheckReply{}, orRefused(err, wire.NoCase)
	}
	newer, err := d.pendingAddress(r)
	if err != nil {
		return wire.CodeCheckReply{}, err
	}
	if newer != "" && !k.New {
		return d.nextCode(t, c, k, newer)
	}
	k.End = cases.Done
	if err := d.register(t, &c, r, newer); err != nil {
		return wire.CodeCheckReply{}, err
	}
	return d.checked(t, c, k, wire.CodeRight)
}

// nextCode mails the new address its code.
func (d *Desk) nextCode(t turn, c card, k cases.Case, newer string) (wire.CodeCheckReply, error) {
	if err := d.mayPost(t, newer); err != nil {
		return wire.CodeCheckReply{}, err
	}
	k.New, k.Accepted, k.Entered = true, false, false
	k, err := d.startCode(t, k, newer)
	if err != nil {
		return wire.CodeCheckReply{}, err
	}
	return d.checked(t, c, k, wire.CodeNext)
}

// register makes a pending registration the live one.
func (d *Desk) register(t turn, c *card, r registry.Registration, newer string) error {
	r, err := r.Choose(d.policy().Ask, d.cfg.Rand)
	if err != nil {
		return err
	}
	before := c.Registration
	r.Live, r.Evaluated, r.Address, r.SealTo = true, nil, nil, nil
	c.Registration, c.Pending = r.ID, ""
	if err := registry.Put(t.tx, r); err != nil {
		return err
	}
	if before != "" {
		if err := registry.Forget(t.tx, before); err != nil {
			return err
		}
	}
	address, err := d.address(*c, t.now)
	if err != nil {
		return err
	}
	if err := d.note(t, c.ID, audit.Registered, ""); err != nil {
		return err
	}
	if newer != "" {
		if err := d.change(t, c, r.ID, address, newer, ""); err != nil {
			return err
		}
	}
	return d.write(t, mail.Letter{Key: "registered/" + r.ID, Kind: mail.Registered, Card: c.ID, At: t.now}, address, about{})
}

// change notes a new address, under an id of this change, and tells both. Until the wait is over codes for
// unlocking go to the address before.
func (d *Desk) change(t turn, c *card, id, before, newer, reason string) (err error) {
	if c.Address, err = d.seal(c.ID+"/address", before); err != nil {
		return err
	}
	if c.Newer, err = d.seal(c.ID+"/newer", newer); err != nil {
		return err
	}
	if err := d.because(t, c.ID, audit.AddressChanged, "", reason); err != nil {
		return err
	}
	c.NewerFrom = t.now.Add(seconds(d.policy().NewAddressWait))
	for which, to := range map[string]string{"old": before, "new": newer} {
		l := mail.Letter{Key: "address/" + id + "/" + which, Kind: mail.AddressChanged, Card: c.ID, At: t.now}
		if err := d.write(t, l, to, about{Newer: Mask(newer)}); err != nil {
			return err
		}
	}
	return nil
}
