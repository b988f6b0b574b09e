package simcard

import (
	"crypto"
	"crypto/x509"
	"fmt"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
)

// pivApplication is PIV, SP 800-73-4.
type pivApplication struct {
	card     *Card
	kept     pivMemory
	verified bool
}

var _ application = (*pivApplication)(nil)

type pivMemory struct {
	GUID        []byte `json:"guid,omitempty"`
	FASCN       []byte `json:"fascn,omitempty"`
	Expiry      string `json:"expiry,omitempty"` // YYYYMMDD, in the CHUID
	PIN         secret `json:"pin"`
	PUK         secret `json:"puk"`
	Key         []byte `json:"key,omitempty"` // 9E, PKCS #8
	Certificate []byte `json:"certificate,omitempty"`
	Login       []byte `json:"login_certificate,omitempty"`
}

func (p *pivApplication) memory() any { return &p.kept }

func (p *pivApplication) sleep() { p.verified = false }

// pivAID is the application's whole identifier, SP 800-73-4 part 1, 2.2.
var pivAID = []byte{0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00}

// chooses takes a part of the identifier too (SP 800-73-4 part 2, 3.1.1).
func (p *pivApplication) chooses(name []byte) (iso7816.Response, bool) {
	return iso7816.Response{Data: propertyTemplate(pivAID), Status: iso7816.StatusOK}, begins(name, pivAID)
}

// propertyTemplate is the answer to SELECT, SP 800-73-4 part 2, table 3.
func propertyTemplate(aid []byte) []byte {
	authority := iso7816.AppendObject(nil, 0x4F, aid[:5])
	inner := iso7816.AppendObject(nil, 0x4F, aid[5:])
	inner = iso7816.AppendObject(inner, 0x79, authority)
	return iso7816.AppendObject(nil, 0x61, inner)
}

// Instructions beyond ISO/IEC 7816-4, from Yubico's PIV application.
const (
	insMetadata = 0xF7
	insVersion  = 0xFD
)

func (p *pivApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	switch cmd.INS {
	case iso7816.InsVerify:
		return p.verify(cmd)
	case iso7816.InsChangeReference:
		return p.change(cmd)
	case iso7816.InsResetRetry:
		return p.unblock(cmd)
	case iso7816.InsGetData:
		return p.getData(cmd), nil
	case iso7816.InsAuthenticate:
		return p.authenticate(cmd), nil
	case insMetadata:
		return p.metadata(cmd), nil
	case insVersion:
		return p.version(), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

func (p *pivApplication) about(s *Status) {
	s.Profile = piv.Profile
	s.CardID, _ = piv.ParseCHUID(p.chuid()) // a card we made has a name
	s.Tries, s.PUKTries = p.kept.PIN.Left, p.kept.PUK.Left
	s.Certificate = append([]byte(nil), p.kept.Certificate...)
}

// personalise gives the card its secrets, names, key and certificates.
func (p *pivApplication) personalise(cfg Config) error {
	pin, puk := orElse(cfg.PIN, "123456"), orElse(cfg.PUK, "12345678")
	for _, value := range []string{pin, puk} {
		if len(value) < shortest || len(value) > secretLength {
			return fmt.Errorf("passcode and PUK have %d to %d characters", shortest, secretLength)
		}
	}
	m := &p.kept
	m.PIN, m.PUK = cfg.passcode(pin), cfg.key(puk)
	authority, err := cfg.authority()
	if err != nil {
		return err
	}
	m.GUID = newGUID()
	m.FASCN = cfg.FASCN
	if m.FASCN == nil {
		m.FASCN = unassignedFASCN()
	}
	m.Expiry = cfg.NotAfter.Format("20060102")
	key, err := newKey(cfg.RSA)
	if err != nil {
		return err
	}
	if m.Key, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return err
	}
	return m.certify(authority, key.Public(), cfg)
}

func (m *pivMemory) certify(a *Authority, public crypto.PublicKey, cfg Config) error {
	// The log-in key is of no use here, only its certificate's dates are.
	login, err := newKey(false)
	if err != nil {
		return err
	}
	order := certificateOrder{guid: m.GUID, fascn: m.FASCN, notBefore: cfg.NotBefore, notAfter: cfg.NotAfter}
	if m.Certificate, err = a.issue(public, order, true); err != nil {
		return err
	}
	m.Login, err = a.issue(login.Public(), order, false)
	return err
}
