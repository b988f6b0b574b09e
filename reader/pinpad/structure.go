package pinpad

import (
	"encoding/binary"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// How the digits go into the command, part 10, PIN_VERIFY (2.5.2).
const (
	// bmFormatString: bit 7 counts in bytes, bits 6-3 are the position, bit 2
	// zero justifies left, bits 1-0 are the coding.
	unitBytes     = 0x80
	positionShift = 3
	mostPosition  = 15
	codingASCII   = 0x02
	// bmPINBlockString: bits 7-4 are the size of a PIN length in the command,
	// none here, bits 3-0 that of the block.
	mostBlock = 15
	// bmPINLengthFormat: no PIN length, so nowhere.
	noLength = 0
)

// How the person is asked.
const (
	// The person has half a minute for the first key and for each that
	// follows; OpenSC gives as much.
	timeOut = 30
	// bEntryValidationCondition: by the key that confirms, which some readers
	// insist on.
	byKey = 0x02
	// bConfirmPIN: bit 0 asks for the new PIN twice, bit 1 for the old one.
	confirmNew, askOld = 0x01, 0x02
	// wLangId: English of the United Kingdom (Microsoft's language
	// identifiers, which part 10 refers to).
	language = 0x0809
)

// The reader's messages, by number (CCID 1.1, 6.1.11.2).
const (
	messagePIN, messageNew, messageAgain = 0, 1, 2
	oneMessage, threeMessages            = 1, 3
)

// VerifyStructure builds a PIN_VERIFY structure (part 10, 2.5.2). Numbers of
// several bytes are in the order of the machine, which is little-endian
// wherever this runs; libccid takes both.
func VerifyStructure(e reader.Entry) ([]byte, error) {
	if err := check(e); err != nil {
		return nil, err
	}
	if e.Old > mostPosition {
		return nil, fmt.Errorf("describing an entry: position %d: %w", e.Old, reader.ErrNoPad)
	}
	s := []byte{
		0:  timeOut, // bTimeOut
		1:  timeOut, // bTimeOut2
		2:  unitBytes | byte(e.Old)<<positionShift | codingASCII,
		3:  byte(e.Block),    // bmPINBlockString
		4:  noLength,         // bmPINLengthFormat
		5:  byte(e.Rule.Max), // wPINMaxExtraDigit, low byte
		6:  byte(e.Rule.Min), // and high byte
		7:  byKey,            // bEntryValidationCondition
		8:  oneMessage,       // bNumberMessage
		9:  language & 0xFF,  // wLangId
		10: language >> 8,
		11: messagePIN, // bMsgIndex
		14: 0,          // 12-14: bTeoPrologue, the driver's
	}
	return appendCommand(s, e.Command), nil // 15: ulDataLength, 19: abData
}

// ModifyStructure builds a PIN_MODIFY structure (part 10, after PIN_VERIFY).
func ModifyStructure(e reader.Entry) ([]byte, error) {
	if err := check(e); err != nil {
		return nil, err
	}
	s := []byte{
		0:  timeOut,                 // bTimeOut
		1:  timeOut,                 // bTimeOut2
		2:  unitBytes | codingASCII, // bmFormatString
		3:  byte(e.Block),           // bmPINBlockString
		4:  noLength,                // bmPINLengthFormat
		5:  byte(e.Old),             // bInsertionOffsetOld
		6:  byte(e.New),             // bInsertionOffsetNew
		7:  byte(e.Rule.Max),        // wPINMaxExtraDigit, low byte
		8:  byte(e.Rule.Min),        // and high byte
		9:  confirmNew | askOld,     // bConfirmPIN
		10: byKey,                   // bEntryValidationCondition
		11: threeMessages,           // bNumberMessage
		12: language & 0xFF,         // wLangId
		13: language >> 8,
		14: messagePIN,   // bMsgIndex1
		15: messageNew,   // bMsgIndex2
		16: messageAgain, // bMsgIndex3
		19: 0,            // 17-19: bTeoPrologue, the driver's
	}
	return appendCommand(s, e.Command), nil // 20: ulDataLength, 24: abData
}

func appendCommand(s, command []byte) []byte {
	s = binary.LittleEndian.AppendUint32(s, uint32(len(command)))
	return append(s, command...)
}

// check refuses what no structure can say.
func check(e reader.Entry) error {
	c, err := iso7816.ParseCommand(e.Command)
	if err != nil {
		return fmt.Errorf("describing an entry: %w", err)
	}
	blocks := []int{e.Old}
	if e.Change {
		blocks = append(blocks, e.New)
	}
	for _, at := range blocks {
		if at < 0 || e.Block < 1 || at+e.Block > min(len(c.Data), 255) {
			return fmt.Errorf("describing an entry: a block of %d bytes at %d in %d: %w", e.Block, at, len(c.Data), ErrMalformed)
		}
	}
	if e.Block > mostBlock || e.Rule.Min < 1 || e.Rule.Max > e.Block || e.Rule.Min > e.Rule.Max {
		return fmt.Errorf("describing an entry: %d to %d digits in %d bytes: %w", e.Rule.Min, e.Rule.Max, e.Block, reader.ErrNoPad)
	}
	return nil
}
