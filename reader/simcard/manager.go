package simcard

import (
	"crypto/rand"

	"unlockpoint/reader/iso7816"
)

// manager names the card manager among a chip's applications. It is put on
// behind those whose cards are known by their chip.
const manager = "manager"

// managerApplication is the card manager of a GlobalPlatform card, as far as
// it tells the chip's production data.
type managerApplication struct{ kept managerMemory }

var _ application = (*managerApplication)(nil)

type managerMemory struct {
	CPLC []byte `json:"cplc"`
}

func (m *managerApplication) memory() any { return &m.kept }

// personalise makes a chip of one maker and type, with a number of its own.
func (m *managerApplication) personalise(Config) error {
	m.kept.CPLC = make([]byte, 42) // GlobalPlatform Card Specification 2.1.1, appendix H.6
	copy(m.kept.CPLC, []byte{0x47, 0x90, 0x50, 0x73, 0x81, 0x21, 0x06, 0x04, 0x47, 0x00, 0x63, 0x47})
	const number, numberEnd = 12, 18 // serial number and batch
	rand.Read(m.kept.CPLC[number:numberEnd])
	return nil
}

// chooses takes the manager's names, and none, which also means the manager.
func (m *managerApplication) chooses(name []byte) (iso7816.Response, bool) {
	aid := []byte{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00}
	older := []byte{0xA0, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00}
	fci := iso7816.AppendObject(nil, 0x6F, iso7816.AppendObject(nil, 0x84, aid))
	return iso7816.Response{Data: fci, Status: iso7816.StatusOK}, len(name) == 0 || begins(name, aid) || begins(name, older)
}

func (m *managerApplication) perform(cmd iso7816.Command) (iso7816.Response, error) {
	const getData = 0xCA
	switch {
	case cmd.INS != getData:
		return answer(iso7816.StatusUnknownINS), nil
	case cmd.P1 != 0x9F || cmd.P2 != 0x7F:
		return answer(iso7816.StatusNoReference), nil
	}
	return iso7816.Response{Data: iso7816.AppendObject(nil, 0x9F7F, m.kept.CPLC), Status: iso7816.StatusOK}, nil
}

func (m *managerApplication) sleep()                          {}
func (m *managerApplication) about(*Status)                   {}
func (m *managerApplication) passcode(string) (*secret, bool) { return new(secret), false }

// chip is the name of the card's chip, from its manager.
func (c *Card) chip() []byte {
	for _, a := range c.apps {
		if m, ok := a.(*managerApplication); ok {
			return m.kept.CPLC
		}
	}
	return nil
}
