package simcard

import (
	"encoding/hex"
	"fmt"

	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
)

// gidsApplication is Microsoft's GIDS, version 2, as the free applet GidsApplet
// plays it.
type gidsApplication struct {
	card *Card
	kept gidsMemory
	now  gidsSession
}

var _ application = (*gidsApplication)(nil)

type gidsMemory struct {
	CardID      []byte `json:"card_id"`
	PIN         secret `json:"pin"`
	AdminKey    secret `json:"admin_key"` // in hex
	Certificate []byte `json:"login_certificate"`
	Bits        int    `json:"login_key_bits"`
}

// gidsSession is what a card forgets at a reset.
type gidsSession struct {
	verified   bool
	keyChosen  bool
	challenge  []byte // ours to the server, until it is answered
	theirs     []byte // the server's, in the mutual form
	authorised bool   // by the admin key
}

func (g *gidsApplication) memory() any { return &g.kept }

func (g *gidsApplication) sleep() { g.now = gidsSession{} }

// gidsAID is the application's whole identifier, version 2.1.
var gidsAID = []byte{0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x02, 0x01}

// chooses answers with the name, and with the forms of authentication: mutual
// and single.
func (g *gidsApplication) chooses(name []byte) (iso7816.Response, bool) {
	inner := iso7816.AppendObject(nil, 0x4F, gidsAID)
	inner = iso7816.AppendObject(inner, 0x73, iso7816.AppendObject(nil, 0x40, []byte{0xC0}))
	return iso7816.Response{Data: iso7816.AppendObject(nil, 0x61, inner), Status: iso7816.StatusOK}, begins(name, gidsAID)
}

// insManage is MANAGE SECURITY ENVIRONMENT, ISO/IEC 7816-4:2020, 11.5.11.
const insManage = 0x22

// statusInvalidData is how the applet says that a command's data is nonsense.
const statusInvalidData iso7816.Status = 0x6984

func (g *gidsApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	switch cmd.INS {
	case iso7816.InsVerify:
		return g.verify(cmd)
	case iso7816.InsChangeReference:
		return g.change(cmd)
	case iso7816.InsResetRetry:
		return g.unblock(cmd)
	case iso7816.InsAuthenticate:
		return g.authenticate(cmd)
	case iso7816.InsGetData:
		return g.getData(cmd), nil
	case insManage:
		return g.manage(cmd), nil
	}
	return answer(iso7816.StatusUnknownINS), nil
}

func (g *gidsApplication) about(s *Status) {
	s.Profile = gids.Profile
	s.CardID = gids.Profile + ":" + hex.EncodeToString(g.kept.CardID)
	s.Tries, s.PUKTries = g.kept.PIN.Left, g.kept.AdminKey.Left
}

// gidsFactoryKey is the admin key of the applet's own tests, and of many a card
// that nobody gave another.
const gidsFactoryKey = "010203040506070801020304050607080102030405060708"

// personalise gives the card its secrets, name and certificate.
func (g *gidsApplication) personalise(cfg Config) error {
	pin, key := orElse(cfg.PIN, "123456"), orElse(cfg.PUK, gidsFactoryKey)
	if !gidsPasscode(len(pin)) {
		return fmt.Errorf("the passcode has %d to %d characters", gidsShortest, gidsLongest)
	}
	if raw, err := hex.DecodeString(key); err != nil || len(raw) != gidsKeyLength {
		return fmt.Errorf("the admin key has %d bytes, in hex", gidsKeyLength)
	}
	m := &g.kept
	m.PIN, m.AdminKey, m.CardID = cfg.passcode(pin), cfg.key(key), newGUID()
	return m.certify(cfg)
}

// certify makes the log-in certificate. Its key is of no use here, only the
// certificate's dates are.
func (m *gidsMemory) certify(cfg Config) error {
	authority, err := cfg.authority()
	if err != nil {
		return err
	}
	login, err := newKey(cfg.RSA)
	if err != nil {
		return err
	}
	m.Bits = 256
	if cfg.RSA {
		m.Bits = 2048
	}
	order := certificateOrder{guid: m.CardID, fascn: unassignedFASCN(), notBefore: cfg.NotBefore, notAfter: cfg.NotAfter}
	m.Certificate, err = authority.issue(login.Public(), order, false)
	return err
}

func (g *gidsApplication) passcode(typed string) (*secret, bool) {
	return &g.kept.PIN, typed == g.kept.PIN.Value
}
