package pinpadtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"unlockpoint/reader/iso7816"
)

// job is a structure, understood.
type job struct {
	command  []byte
	ins      byte  // that the command has to have
	places   []int // where in its data the digits go
	block    int
	min, max int
	messages []int
	confirm  bool // the last two entries have to agree
	// fields as they came, for check
	timeOut, timeOut2, format, blocks, length, validation, confirms byte
	language                                                        uint16
	prologue                                                        [3]byte
	declared                                                        uint32
}

// verify takes a PIN_VERIFY structure apart.
//
//	0 bTimeOut                    8 bNumberMessage
//	1 bTimeOut2                   9 wLangId (2)
//	2 bmFormatString             11 bMsgIndex
//	3 bmPINBlockString           12 bTeoPrologue (3)
//	4 bmPINLengthFormat          15 ulDataLength (4)
//	5 wPINMaxExtraDigit (2)      19 abData
//	7 bEntryValidationCondition
func verify(in []byte) (job, error) {
	const data = 19
	if len(in) < data {
		return job{}, errors.New("the structure is too short")
	}
	j := job{
		ins: iso7816.InsVerify, command: bytes.Clone(in[data:]), declared: binary.LittleEndian.Uint32(in[15:]),
		timeOut: in[0], timeOut2: in[1], format: in[2], blocks: in[3], length: in[4],
		max: int(in[5]), min: int(in[6]), validation: in[7],
		language: binary.LittleEndian.Uint16(in[9:]), prologue: [3]byte(in[12:15]),
		block: int(in[3] & 0x0F), places: []int{int(in[2] >> 3 & 0x0F)},
	}
	if in[8] != 1 {
		return job{}, fmt.Errorf("bNumberMessage %d for one entry", in[8])
	}
	j.messages = []int{int(in[11])}
	return j, nil
}

// modify takes a PIN_MODIFY structure apart.
//
//	0 bTimeOut                   10 bEntryValidationCondition
//	1 bTimeOut2                  11 bNumberMessage
//	2 bmFormatString             12 wLangId (2)
//	3 bmPINBlockString           14 bMsgIndex1
//	4 bmPINLengthFormat          15 bMsgIndex2
//	5 bInsertionOffsetOld        16 bMsgIndex3
//	6 bInsertionOffsetNew        17 bTeoPrologue (3)
//	7 wPINMaxExtraDigit (2)      20 ulDataLength (4)
//	9 bConfirmPIN                24 abData
func modify(in []byte) (job, error) {
	const data = 24
	if len(in) < data {
		return job{}, errors.New("the structure is too short")
	}
	j := job{
		ins: iso7816.InsChangeReference, command: bytes.Clone(in[data:]), declared: binary.LittleEndian.Uint32(in[20:]),
		timeOut: in[0], timeOut2: in[1], format: in[2], blocks: in[3], length: in[4],
		max: int(in[7]), min: int(in[8]), confirms: in[9], validation: in[10],
		language: binary.LittleEndian.Uint16(in[12:]), prologue: [3]byte(in[17:20]),
		block: int(in[3] & 0x0F), places: []int{int(in[5]), int(in[6])}, confirm: true,
	}
	switch {
	case in[9] != 0x03:
		return job{}, fmt.Errorf("bConfirmPIN %02X: this reader asks for the old PIN and for the new one twice", in[9])
	case in[11] != 3:
		return job{}, fmt.Errorf("bNumberMessage %d for three entries", in[11])
	case in[2]>>3&0x0F != 0:
		return job{}, errors.New("bmFormatString has a position beside the insertion offsets")
	case in[5] == in[6]:
		return job{}, errors.New("both PINs go to one place")
	}
	j.messages = []int{int(in[14]), int(in[15]), int(in[16])}
	return j, nil
}

func (j job) data() []byte {
	c, err := iso7816.ParseCommand(j.command)
	if err != nil {
		return nil
	}
	return c.Data
}

// check refuses what a reader must not have to guess.
func (j job) check() error {
	c, err := iso7816.ParseCommand(j.command)
	switch {
	case int(j.declared) != len(j.command):
		return fmt.Errorf("ulDataLength %d, but %d bytes follow", j.declared, len(j.command))
	case err != nil:
		return fmt.Errorf("abData is no command: %w", err)
	case c.INS != j.ins:
		return fmt.Errorf("abData has instruction %02X", c.INS)
	case j.timeOut == 0 || j.timeOut > 90 || j.timeOut2 == 0 || j.timeOut2 > j.timeOut:
		return fmt.Errorf("time-outs of %d and %d s", j.timeOut, j.timeOut2)
	case j.format&0x80 == 0 || j.format&0x04 != 0 || j.format&0x03 != 0x02:
		return fmt.Errorf("bmFormatString %02X is not ASCII from the left, in bytes", j.format)
	case j.blocks>>4 != 0 || j.block == 0:
		return fmt.Errorf("bmPINBlockString %02X", j.blocks)
	case j.length != 0:
		return fmt.Errorf("bmPINLengthFormat %02X without a PIN length", j.length)
	case j.min == 0 || j.min > j.max || j.max > j.block:
		return fmt.Errorf("wPINMaxExtraDigit: %d to %d digits in %d bytes", j.min, j.max, j.block)
	case j.validation != 0x02:
		return fmt.Errorf("bEntryValidationCondition %02X: this reader has a key for that", j.validation)
	case j.language != 0x0409 && j.language != 0x0809:
		return fmt.Errorf("wLangId %04X is not English", j.language)
	case j.prologue != [3]byte{}:
		return errors.New("bTeoPrologue is the driver's")
	}
	return j.checkPlaces(c.Data)
}

func (j job) checkPlaces(data []byte) error {
	for i, message := range j.messages {
		if message != i {
			return fmt.Errorf("message %d for entry %d", message, i)
		}
	}
	for _, at := range j.places {
		if at+j.block > len(data) {
			return fmt.Errorf("a block of %d bytes at %d of %d", j.block, at, len(data))
		}
		for _, b := range data[at : at+j.block] {
			if b != 0xFF && b != 0x00 {
				return errors.New("abData holds something where the digits go")
			}
		}
	}
	return nil
}
