package pcsc

import (
	"errors"
	"sync"
	"time"

	"github.com/ebfe/scard"
)

// service is one context of the machine's card service, as this package needs
// it: the tests have one of their own. All but Cancel is called by the one
// goroutine that owns the context. Names end at a zero byte, as in C.
type service interface {
	ListReaders() ([]string, error)
	GetStatusChange(states []scard.ReaderState, limit time.Duration) error
	Connect(reader string, mode scard.ShareMode, protocol scard.Protocol) (card, error)
	Cancel() error
	Release() error
}

// card is a card that a context holds.
type card interface {
	ActiveProtocol() scard.Protocol
	Status() (*scard.CardStatus, error)
	Transmit(apdu []byte) ([]byte, error)
	Control(code uint32, in []byte) ([]byte, error)
	Disconnect(scard.Disposition) error
}

// lite is a context of pcsc-lite.
type lite struct{ *scard.Context }

var (
	_ service = lite{}
	_ card    = (*scard.Card)(nil)
)

func establish() (service, error) {
	c, err := scard.EstablishContext()
	if err != nil {
		return nil, err
	}
	return lite{c}, nil
}

// ask has the service find out what is in a reader, and believe that instead of
// what it told: to reset a card, it asks the reader first. It does nothing to a
// card that somebody holds.
func ask(service service, reader string) {
	if card, err := service.Connect(reader, scard.ShareDirect, scard.ProtocolUndefined); err == nil {
		card.Disconnect(scard.ResetCard)
	}
}

// Readers lists the readers that the card service has now, in its order.
func Readers() ([]string, error) {
	c, err := establish()
	if err != nil {
		return nil, translate("ask for the readers", err)
	}
	defer c.Release()
	names, err := c.ListReaders()
	if err != nil && !errors.Is(err, scard.ErrNoReadersAvailable) {
		return nil, translate("ask for the readers", err)
	}
	return names, nil
}

// looking keeps short looks of several goroutines at one reader apart: scard
// holds the names that C reads by their text, and the second look would free
// the first one's.
var looking sync.Mutex

func (l lite) GetStatusChange(states []scard.ReaderState, limit time.Duration) error {
	if limit == 0 {
		looking.Lock()
		defer looking.Unlock()
	}
	return l.Context.GetStatusChange(states, limit)
}

// Connect returns a nil interface with an error, not a nil card in one. scard
// panics at a card without a protocol: such a card does not answer, where it is
// not the reader alone that is wanted.
func (l lite) Connect(reader string, mode scard.ShareMode, protocol scard.Protocol) (card, error) {
	c, err := l.Context.Connect(reader, mode, protocol)
	if err != nil {
		return nil, err
	}
	if p := c.ActiveProtocol(); mode != scard.ShareDirect && p != scard.ProtocolT0 && p != scard.ProtocolT1 {
		c.Disconnect(scard.ResetCard)
		return nil, scard.ErrProtoMismatch
	}
	return c, nil
}
