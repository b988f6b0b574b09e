package simcard

import (
	"encoding/hex"
	"fmt"

	"unlockpoint/reader/cplc"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
)

// isoApplication is the free applet IsoApplet (IsoApplet.java). It has
// no certificates: an Expired card is a Blocked one.
type isoApplication struct {
	card *Card
	kept isoMemory
	file []byte // content of the file that is selected; nil: a folder
}

var _ application = (*isoApplication)(nil)

type isoMemory struct {
	PIN secret `json:"pin"`
	PUK secret `json:"puk"`
}

func (i *isoApplication) memory() any { return &i.kept }

func (i *isoApplication) sleep() { i.file = nil }

// isoAID is the applet's identifier.
var isoAID = []byte{0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01}

// chooses answers with the applet's version, 0.6, and no features.
func (i *isoApplication) chooses(name []byte) (iso7816.Response, bool) {
	return iso7816.Response{Data: []byte{0x00, 0x06, 0x00}, Status: iso7816.StatusOK}, begins(name, isoAID)
}

func (i *isoApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	switch cmd.INS {
	case iso7816.InsVerify:
		return i.verify(cmd)
	case iso7816.InsChangeReference:
		return i.change(cmd)
	case iso7816.InsResetRetry:
		return i.unblock(cmd)
	case iso7816.InsSelect:
		return i.selectFile(cmd), nil
	case insReadBinary:
		return i.readBinary(cmd), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

// What the applet knows of secrets: one passcode, padded to 16 bytes with
// zeros, and a PUK that fills them.
const (
	refIsoPasscode = 0x01
	isoShortest    = 4
	isoLength      = 16
	isoLengthPUK   = 16
)

// told is the answer to a wrong secret.
func (i *isoApplication) told(s *secret) iso7816.Status {
	if i.card.state.Quirks.NeverCounts {
		return iso7816.StatusNotAllowed
	}
	return i.counter(s)
}

// counter goes down to zero: the applet never says that it is blocked.
func (i *isoApplication) counter(s *secret) iso7816.Status {
	return iso7816.StatusTries | iso7816.Status(s.Left)
}

func (i *isoApplication) try(s *secret, guess []byte) (iso7816.Status, error) {
	status, err := i.card.try(s, zeroPadded(string(guess)) == zeroPadded(s.Value))
	if err == nil && status != iso7816.StatusOK {
		status = i.told(s)
	}
	return status, err
}

// verify tells the tries left when it is given nothing, also to whoever has
// verified the passcode (processVerify).
func (i *isoApplication) verify(cmd iso7816.Command) (iso7816.Response, error) {
	switch n := len(cmd.Data); {
	case cmd.P1 != 0 || cmd.P2 != refIsoPasscode:
		return answer(iso7816.StatusWrongP1P2), nil
	case n == 0:
		return answer(i.counter(&i.kept.PIN)), nil
	case n < isoShortest || n > isoLength:
		return answer(iso7816.StatusWrongLength), nil
	}
	s, err := i.try(&i.kept.PIN, cmd.Data)
	return answer(s), err
}

// change wants both passcodes padded (processChangeReferenceData).
func (i *isoApplication) change(cmd iso7816.Command) (iso7816.Response, error) {
	switch {
	case cmd.P1 != 0 || cmd.P2 != refIsoPasscode:
		return answer(iso7816.StatusWrongP1P2), nil
	case len(cmd.Data) != 2*isoLength:
		return answer(iso7816.StatusWrongLength), nil
	}
	return i.replace(&i.kept.PIN, cmd.Data[:isoLength], cmd.Data[isoLength:])
}

// unblock looks at the length before anything else (processResetRetryCounter).
func (i *isoApplication) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	switch n := len(cmd.Data); {
	case n < isoLengthPUK+isoShortest || n > isoLengthPUK+isoLength:
		return answer(iso7816.StatusWrongLength), nil
	case cmd.P1 != 0 || cmd.P2 != refIsoPasscode:
		return answer(iso7816.StatusWrongP1P2), nil
	}
	return i.replace(&i.kept.PUK, cmd.Data[:isoLengthPUK], cmd.Data[isoLengthPUK:])
}

// replace tests key and sets a new passcode, whatever is in it.
func (i *isoApplication) replace(key *secret, guess, fresh []byte) (iso7816.Response, error) {
	s, err := i.try(key, guess)
	if err != nil || s != iso7816.StatusOK {
		return answer(s), err
	}
	return answer(iso7816.StatusOK), i.card.set(&i.kept.PIN, unpadded(fresh, 0x00))
}

func zeroPadded(s string) string {
	b := make([]byte, isoLength)
	copy(b, s)
	return string(b)
}

// unpadded is a secret without what fills its bytes up.
func unpadded(b []byte, padding byte) string {
	for len(b) > 0 && b[len(b)-1] == padding {
		b = b[:len(b)-1]
	}
	return string(b)
}

func (i *isoApplication) about(s *Status) {
	s.Profile = isoapplet.Profile
	s.Tries, s.PUKTries = i.kept.PIN.Left, i.kept.PUK.Left
	if chip, err := cplc.Parse(iso7816.AppendObject(nil, 0x9F7F, i.card.chip())); err == nil {
		s.CardID = isoapplet.Profile + ":" + hex.EncodeToString(chip)
	}
}

func (i *isoApplication) personalise(cfg Config) error {
	pin, puk := orElse(cfg.PIN, "123456"), orElse(cfg.PUK, "1234567812345678")
	if len(pin) < isoShortest || len(pin) > isoLength || len(puk) != isoLengthPUK {
		return fmt.Errorf("the passcode has %d to %d characters, the PUK %d", isoShortest, isoLength, isoLengthPUK)
	}
	i.kept = isoMemory{PIN: cfg.passcode(pin), PUK: cfg.key(puk)}
	return nil
}

func (i *isoApplication) passcode(typed string) (*secret, bool) {
	return &i.kept.PIN, typed == i.kept.PIN.Value
}
