package simcard

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"unlockpoint/reader/authentic"
	"unlockpoint/reader/cplc"
	"unlockpoint/reader/iso7816"
)

// oberthurApplication is Oberthur's AuthentIC, as far as OpenSC's
// card-oberthur.c and pkcs15-oberthur.c tell. It has no certificates: an
// Expired card is a Blocked one.
type oberthurApplication struct {
	card     *Card
	kept     oberthurMemory
	verified bool // the passcode
	officer  bool
	folder   uint16
	file     uint16 // of those in the folder; 0 for none
}

var _ application = (*oberthurApplication)(nil)

type oberthurMemory struct {
	PIN     secret `json:"pin"`
	Officer secret `json:"officer"`
	PUK     secret `json:"puk"` // in hex; the officer may read it
}

func (o *oberthurApplication) memory() any { return &o.kept }

func (o *oberthurApplication) sleep() {
	o.verified, o.officer, o.folder, o.file = false, false, fileMaster, 0
}

// oberthurAID is the applet's identifier.
var oberthurAID = []byte{0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x03, 0x03, 0x00, 0x00, 0x00, 0xF1, 0x00, 0x00, 0x00, 0x02}

// oberthurATR is that of a CosmopolIC card: OpenSC's driver goes by it.
var oberthurATR = []byte{0x3B, 0x7B, 0x18, 0x00, 0x00, 0x00, 0x31, 0xC0, 0x64, 0x77, 0xE3, 0x03, 0x00, 0x82, 0x90, 0x00}

func (o *oberthurApplication) chooses(name []byte) (iso7816.Response, bool) {
	return answer(iso7816.StatusOK), begins(name, oberthurAID)
}

func (o *oberthurApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	switch cmd.INS {
	case iso7816.InsVerify, iso7816.InsChangeReference, iso7816.InsResetRetry:
		return o.guard(cmd)
	case iso7816.InsSelect:
		return o.selectFile(cmd), nil
	case insReadBinary:
		return o.readBinary(cmd), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

// guard knows secrets in their folder only (AWP_PIN_DF in pkcs15-oberthur.c):
// those of the whole card, without the bit for "of this folder", are not here.
func (o *oberthurApplication) guard(cmd iso7816.Command) (iso7816.Response, error) {
	if o.folder != fileOberthur {
		return answer(iso7816.StatusNoReference), nil
	}
	switch cmd.INS {
	case iso7816.InsVerify:
		return o.verify(cmd)
	case iso7816.InsChangeReference:
		return o.change(cmd)
	}
	return o.unblock(cmd)
}

// What the applet knows of secrets: passcode and officer's PIN in 64 bytes,
// padded with FF; a PUK of 16 bytes of any kind.
const (
	oberthurLocal    = 0x80
	oberthurPasscode = 0x01
	oberthurOfficer  = 0x04

	oberthurShortest = 4
	oberthurLength   = 64
	oberthurPUK      = 16
)

func (o *oberthurApplication) verify(cmd iso7816.Command) (iso7816.Response, error) {
	s, verified := &o.kept.PIN, &o.verified
	if cmd.P2 == oberthurOfficer|oberthurLocal {
		s, verified = &o.kept.Officer, &o.officer
	} else if cmd.P2 != oberthurPasscode|oberthurLocal {
		return answer(iso7816.StatusNoReference), nil
	}
	switch {
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case len(cmd.Data) == 0 && *verified:
		return answer(iso7816.StatusOK), nil
	case len(cmd.Data) == 0:
		return answer(iso7816.StatusTries | iso7816.Status(s.Left)), nil
	case len(cmd.Data) != oberthurLength:
		return answer(iso7816.StatusWrongLength), nil
	}
	status, err := o.test(s, string(cmd.Data) == oberthurPadded(s.Value))
	*verified = err == nil && status == iso7816.StatusOK
	return answer(status), err
}

// test counts down to 63C0, which is what a blocked secret says.
func (o *oberthurApplication) test(s *secret, right bool) (iso7816.Status, error) {
	status, err := o.card.try(s, right)
	if status == iso7816.StatusBlocked {
		status = iso7816.StatusTries
	}
	return status, err
}

func (o *oberthurApplication) change(cmd iso7816.Command) (iso7816.Response, error) {
	switch {
	case cmd.P1 != 0 || cmd.P2 != oberthurPasscode:
		return answer(iso7816.StatusNoReference), nil
	case len(cmd.Data) != 2*oberthurLength:
		return answer(iso7816.StatusWrongLength), nil
	}
	return o.replace(&o.kept.PIN, string(cmd.Data[:oberthurLength]) == oberthurPadded(o.kept.PIN.Value), cmd.Data[oberthurLength:])
}

func (o *oberthurApplication) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	switch {
	case cmd.P1 != 0 || cmd.P2 != oberthurPasscode:
		return answer(iso7816.StatusNoReference), nil
	case len(cmd.Data) != oberthurPUK+oberthurLength:
		return answer(iso7816.StatusWrongLength), nil
	}
	return o.replace(&o.kept.PUK, hex.EncodeToString(cmd.Data[:oberthurPUK]) == o.kept.PUK.Value, cmd.Data[oberthurPUK:])
}

// replace tests a key and makes fresh the passcode.
func (o *oberthurApplication) replace(key *secret, right bool, fresh []byte) (iso7816.Response, error) {
	status, err := o.test(key, right)
	if err != nil || status != iso7816.StatusOK {
		return answer(status), err
	}
	value := unpadded(fresh, 0xFF)
	if len(value) < oberthurShortest {
		return answer(iso7816.StatusWrongData), nil
	}
	return answer(iso7816.StatusOK), o.card.set(&o.kept.PIN, value)
}

func oberthurPadded(s string) string {
	return s + string(bytes.Repeat([]byte{0xFF}, oberthurLength-len(s)))
}

func (o *oberthurApplication) about(s *Status) {
	s.Profile = authentic.Profile
	s.Tries, s.PUKTries = o.kept.PIN.Left, o.kept.Officer.Left
	if chip, err := cplc.Parse(iso7816.AppendObject(nil, 0x9F7F, o.card.chip())); err == nil {
		s.CardID = authentic.Profile + ":" + hex.EncodeToString(chip)
	}
}

func (o *oberthurApplication) personalise(cfg Config) error {
	pin, officer := orElse(cfg.PIN, "123456"), orElse(cfg.PUK, "12345678")
	for _, value := range []string{pin, officer} {
		if len(value) < oberthurShortest || len(value) > oberthurLength {
			return fmt.Errorf("passcode and officer's PIN have %d to %d characters", oberthurShortest, oberthurLength)
		}
	}
	puk := make([]byte, oberthurPUK)
	rand.Read(puk)
	o.kept = oberthurMemory{PIN: cfg.passcode(pin), Officer: cfg.key(officer), PUK: newSecret(hex.EncodeToString(puk), cfg.Tries)}
	return nil
}

func (o *oberthurApplication) passcode(typed string) (*secret, bool) {
	return &o.kept.PIN, typed == o.kept.PIN.Value
}
