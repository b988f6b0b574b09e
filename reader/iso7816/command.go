// Package iso7816 speaks the language that all contact smartcards share:
// commands and responses (APDUs), status words, and the BER-TLV in which cards
// wrap their data.
//
// Its words: a [Command] is what the terminal asks; a [Response] is what the
// card answers, data and [Status]; an [Object] is one tag with its value.
// [Exchange] is one question and its whole answer, however many APDUs the card
// makes of it.
//
// It knows no profile: which commands a kind of card has, and what their
// status words mean there, is said by the packages of the profiles. Its errors
// name the instruction and the status word, never what was sent.
package iso7816

import (
	"errors"
	"fmt"
)

// Instructions and classes, ISO/IEC 7816-4:2020, 5.4 and 11.
const (
	InsVerify          = 0x20 // 11.6.6
	InsChangeReference = 0x24 // 11.6.7
	InsResetRetry      = 0x2C // 11.6.10
	InsAuthenticate    = 0x87 // GENERAL AUTHENTICATE, 11.6.5
	InsSelect          = 0xA4 // 11.2.2
	InsGetResponse     = 0xC0 // 12.1.1
	InsGetData         = 0xCB // 11.4.4, odd code: data fields are BER-TLV

	ClaChain = 0x10 // more of the same command follows, 5.4.1
)

// Lengths, ISO/IEC 7816-4:2020, 5.2.
const (
	MaxShort         = 256   // what a short Le can ask for
	MaxExtended      = 65536 // what an extended Le can ask for
	maxShortData     = 255
	maxExtendedData  = 65535
	headerLength     = 4
	statusWordLength = 2
)

// ErrMalformed is what every parser here wraps for bytes that break the format.
var ErrMalformed = errors.New("malformed")

// Command is a command APDU. Le is the most answer bytes wanted, 0 for none;
// more than 256 makes the command extended, and so does Data beyond 255 bytes.
type Command struct {
	CLA, INS, P1, P2 byte
	Data             []byte
	Le               int
}

// Bytes encodes the command. The caller wipes the result when Data is secret.
func (c Command) Bytes() ([]byte, error) {
	if len(c.Data) > maxExtendedData || c.Le < 0 || c.Le > MaxExtended {
		return nil, fmt.Errorf("encoding command %02X: %w length", c.INS, ErrMalformed)
	}
	raw := make([]byte, 0, headerLength+len(c.Data)+5)
	raw = append(raw, c.CLA, c.INS, c.P1, c.P2)
	if len(c.Data) > maxShortData || c.Le > MaxShort {
		return c.appendExtended(raw), nil
	}
	if len(c.Data) > 0 {
		raw = append(raw, byte(len(c.Data)))
		raw = append(raw, c.Data...)
	}
	if c.Le > 0 {
		raw = append(raw, byte(c.Le)) // 256 becomes 00
	}
	return raw, nil
}

func (c Command) appendExtended(raw []byte) []byte {
	raw = append(raw, 0)
	if len(c.Data) > 0 {
		raw = append(raw, byte(len(c.Data)>>8), byte(len(c.Data)))
		raw = append(raw, c.Data...)
	}
	if c.Le > 0 {
		raw = append(raw, byte(c.Le>>8), byte(c.Le)) // 65536 becomes 0000
	}
	return raw
}

// ParseCommand decodes a command APDU, as a card would. Data points into raw.
func ParseCommand(raw []byte) (Command, error) {
	if len(raw) < headerLength {
		return Command{}, fmt.Errorf("command header: %w", ErrMalformed)
	}
	c := Command{CLA: raw[0], INS: raw[1], P1: raw[2], P2: raw[3]}
	body := raw[headerLength:]
	switch {
	case len(body) == 0: // case 1
		return c, nil
	case len(body) == 1: // case 2, short
		c.Le = orMax(int(body[0]), MaxShort)
		return c, nil
	case body[0] == 0 && len(body) >= 3:
		return c.parseExtended(body[1:])
	}
	return c.parseShort(body)
}

func (c Command) parseShort(body []byte) (Command, error) {
	n := int(body[0])
	rest := body[1:]
	switch {
	case n == 0 || len(rest) < n || len(rest) > n+1:
		return Command{}, fmt.Errorf("command length: %w", ErrMalformed)
	case len(rest) == n+1: // case 4
		c.Le = orMax(int(rest[n]), MaxShort)
	}
	c.Data = rest[:n]
	return c, nil
}

func (c Command) parseExtended(body []byte) (Command, error) {
	n := int(body[0])<<8 | int(body[1])
	rest := body[2:]
	switch {
	case len(rest) == 0: // case 2, extended
		c.Le = orMax(n, MaxExtended)
		return c, nil
	case n == 0 || len(rest) != n && len(rest) != n+2:
		return Command{}, fmt.Errorf("command length: %w", ErrMalformed)
	case len(rest) == n+2: // case 4
		c.Le = orMax(int(rest[n])<<8|int(rest[n+1]), MaxExtended)
	}
	c.Data = rest[:n]
	return c, nil
}

// orMax reads a Le of zero as "as much as there is".
func orMax(le, most int) int {
	if le == 0 {
		return most
	}
	return le
}
