package pcsc

import (
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// transmit sends one command, in the form that the card's protocol and the
// reader can carry.
func transmit(card card, apdu []byte) ([]byte, error) {
	if len(apdu) == 0 {
		return nil, fmt.Errorf("sending a command: it is empty: %w", iso7816.ErrMalformed)
	}
	if card.ActiveProtocol() == scard.ProtocolT0 {
		return transmitT0(card, apdu)
	}
	answer, err := send(card, apdu)
	if errors.Is(err, reader.ErrCardGone) && extended(apdu) {
		// Readers that know only short commands say the same as for a card
		// that went. The card's own word for it makes the caller try a short
		// one, which also tells a card that is gone.
		if _, err := card.Status(); err == nil {
			return tooLong(), nil
		}
	}
	return answer, err
}

func send(card card, apdu []byte) ([]byte, error) {
	answer, err := card.Transmit(apdu)
	if err != nil {
		return nil, translate("sending a command", err)
	}
	if len(answer) < 2 { // some drivers answer so for a card that has gone
		return nil, reader.ErrCardGone
	}
	return answer, nil
}

// transmitT0 makes a command fit for T=0, which has no extended lengths and
// carries data one way only: the answer to a command with data is fetched with
// GET RESPONSE (ISO/IEC 7816-3:2006, 12.2).
func transmitT0(card card, apdu []byte) ([]byte, error) {
	short, err := forT0(apdu)
	switch {
	case err != nil:
		return nil, err
	case short == nil:
		return tooLong(), nil
	}
	defer clear(short)
	return send(card, short)
}

// forT0 returns nil for data that T=0 cannot carry in one command.
func forT0(apdu []byte) ([]byte, error) {
	c, err := iso7816.ParseCommand(apdu)
	if err != nil {
		return nil, fmt.Errorf("sending a command: %w", err)
	}
	c.Le = min(c.Le, iso7816.MaxShort)
	switch n := len(c.Data); {
	case n > 255:
		return nil, nil
	case n > 0:
		c.Le = 0
	}
	return c.Bytes()
}

// extended says whether a command has lengths beyond a byte (ISO/IEC
// 7816-4:2020, 5.2).
func extended(apdu []byte) bool {
	c, err := iso7816.ParseCommand(apdu)
	return err == nil && (len(c.Data) > 255 || c.Le > iso7816.MaxShort)
}

// tooLong is how a card answers a length that does not go.
func tooLong() []byte { return iso7816.Response{Status: iso7816.StatusWrongLength}.Bytes() }
