package simcard

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/openpgp"
)

// pgpApplication is an OpenPGP card, version 3.4.
type pgpApplication struct {
	card   *Card
	kept   pgpMemory
	signs  bool // PW1 was verified for signatures
	other  bool // and for everything else
	admins bool // PW3 was verified
	which  byte // of the certificates, by SELECT DATA
}

var _ application = (*pgpApplication)(nil)

// pgpMemory keeps secrets in hex, as the card gets them: digests, if it was set
// up with KDF.
type pgpMemory struct {
	Serial      []byte `json:"serial"`
	PW1         secret `json:"pw1"`
	PW3         secret `json:"pw3"`
	RC          secret `json:"rc,omitzero"` // the resetting code, which few cards have
	KDF         bool   `json:"kdf,omitempty"`
	Certificate []byte `json:"certificate,omitempty"`
}

func (p *pgpApplication) memory() any { return &p.kept }

func (p *pgpApplication) sleep() { p.signs, p.other, p.admins, p.which = false, false, false, 0 }

// aid is the application's whole identifier: version 3.4, a manufacturer whose
// serial numbers are drawn by lot, such a number (OpenPGP card 3.4, 4.2.1).
func (p *pgpApplication) aid() []byte {
	b := append([]byte{0xD2, 0x76, 0x00, 0x01, 0x24, 0x01, 0x03, 0x04, 0xFF, 0xFE}, p.kept.Serial...)
	return append(b, 0, 0)
}

// chooses is silent, as OpenPGP cards are.
func (p *pgpApplication) chooses(name []byte) (iso7816.Response, bool) {
	return answer(iso7816.StatusOK), begins(name, p.aid())
}

func (p *pgpApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	const getData, selectData = 0xCA, 0xA5
	switch cmd.INS {
	case selectData:
		return p.selectData(cmd), nil
	case iso7816.InsVerify:
		return p.verify(cmd)
	case iso7816.InsChangeReference:
		return p.change(cmd)
	case iso7816.InsResetRetry:
		return p.unblock(cmd)
	case getData:
		return p.getData(cmd), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

func (p *pgpApplication) about(s *Status) {
	s.Profile = openpgp.Profile
	s.CardID = openpgp.Profile + ":" + hex.EncodeToString(p.aid()[8:14])
	s.Tries, s.PUKTries = p.kept.PW1.Left, p.kept.PW3.Left
}

func (p *pgpApplication) personalise(cfg Config) error {
	pin, admin := orElse(cfg.PIN, pgpFactoryPW1), orElse(cfg.PUK, pgpFactoryPW3)
	if len(pin) < pgpShortest || len(pin) > pgpLongest || len(admin) < pgpShortestAdmin || len(admin) > pgpLongest {
		return fmt.Errorf("the passcode has %d to %d characters, the admin PIN %d to %d",
			pgpShortest, pgpLongest, pgpShortestAdmin, pgpLongest)
	}
	m := &p.kept
	m.KDF = cfg.Quirks.KDF
	m.Serial = make([]byte, 4)
	rand.Read(m.Serial)
	m.PW1 = cfg.passcode(hex.EncodeToString(p.known(pin, pgpSaltPW1)))
	m.PW3 = cfg.key(hex.EncodeToString(p.known(admin, pgpSaltPW3)))
	if cfg.Quirks.ResettingCode {
		m.RC = cfg.key(hex.EncodeToString(p.known(admin, pgpSaltRC)))
	}
	return m.certify(cfg)
}

// certify makes the certificate of the authentication key. The key is of no
// use here, only the certificate's dates are.
func (m *pgpMemory) certify(cfg Config) error {
	authority, err := cfg.authority()
	if err != nil {
		return err
	}
	login, err := newKey(false)
	if err != nil {
		return err
	}
	order := certificateOrder{guid: newGUID(), fascn: unassignedFASCN(), notBefore: cfg.NotBefore, notAfter: cfg.NotAfter}
	m.Certificate, err = authority.issue(login.Public(), order, false)
	return err
}

func (p *pgpApplication) passcode(typed string) (*secret, bool) {
	return &p.kept.PW1, hex.EncodeToString(p.known(typed, pgpSaltPW1)) == p.kept.PW1.Value
}
