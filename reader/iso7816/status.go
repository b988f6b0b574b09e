package iso7816

import (
	"fmt"

	"unlockpoint/reader"
)

// Status is a status word.
type Status uint16

// Status words, ISO/IEC 7816-4:2020, tables 5 and 6.
const (
	StatusOK             Status = 0x9000
	StatusNoCount        Status = 0x6300 // comparison failed, no counter told
	StatusTries          Status = 0x63C0 // and so many tries left in the last digit
	StatusWrongLength    Status = 0x6700
	StatusNotAllowed     Status = 0x6982 // security status not satisfied
	StatusBlocked        Status = 0x6983
	StatusNoConditions   Status = 0x6985
	StatusWrongData      Status = 0x6A80
	StatusNotFound       Status = 0x6A82
	StatusWrongP1P2      Status = 0x6A86
	StatusNoReference    Status = 0x6A88
	StatusUnknownINS     Status = 0x6D00
	StatusMoreData       Status = 0x6100 // and so many bytes waiting in the low byte
	StatusWrongLe        Status = 0x6C00 // and the right Le in the low byte
	statusClassMask      Status = 0xFF00
	statusTriesMask      Status = 0xFFF0
	statusTriesDigitMask Status = 0x000F
)

// Tries returns the counter of a 63Cx.
func (s Status) Tries() (int, bool) {
	return int(s & statusTriesDigitMask), s&statusTriesMask == StatusTries
}

func (s Status) String() string { return fmt.Sprintf("%04X", uint16(s)) }

// StatusError says that a card answered a command with a status word that
// nobody expected there.
type StatusError struct {
	INS    byte
	Status Status
}

func (e StatusError) Error() string {
	return fmt.Sprintf("the card answered command %02X with %v", e.INS, e.Status)
}

// Err is nil for 9000 and a [StatusError] for everything else.
func (s Status) Err(ins byte) error {
	if s == StatusOK {
		return nil
	}
	return StatusError{INS: ins, Status: s}
}

// Outcome turns the status word of a command that tested a secret into the
// terminal's words. A status word that says nothing about the secret is an
// error: the state has to be read again.
func (s Status) Outcome(ins byte) (reader.Outcome, error) {
	tries, counted := s.Tries()
	switch {
	case s == StatusOK:
		return reader.Outcome{Result: reader.OK, Tries: reader.Unknown}, nil
	case s == StatusBlocked, counted && tries == 0:
		return reader.Outcome{Result: reader.Blocked, Tries: 0}, nil
	case counted:
		return reader.Outcome{Result: reader.Wrong, Tries: tries}, nil
	case s == StatusNoCount:
		return reader.Outcome{Result: reader.Wrong, Tries: reader.Unknown}, nil
	case s == StatusWrongData:
		return reader.Outcome{Result: reader.Refused, Tries: reader.Unknown}, nil
	}
	return reader.Outcome{}, s.Err(ins)
}
