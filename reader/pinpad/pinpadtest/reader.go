// Package pinpadtest plays a card reader with keys of its own, at the door of
// its controls: it takes the structures of PC/SC part 10 apart, lets a person
// type, and sends the card what comes of it.
//
// It refuses a structure with anything wrong in it, where real readers would
// guess, hang or crash: each refusal is kept as a complaint.
package pinpadtest

import (
	"context"
	"encoding/binary"
	"fmt"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pinpad"
)

// Typed is what a person does at the keys: digits and the key that confirms,
// or one of these.
type Typed string

// Cancel is the key that says so, and Nothing is nobody there.
const (
	Cancel  Typed = "cancel"
	Nothing Typed = ""
)

// Reader is a reader with a card in it.
type Reader struct {
	Card     iso7816.Transmitter
	Features []byte // the answer to GetFeatureRequest; what Keys returns if nil
	Min, Max byte   // digits that it says it takes, if not 0
	Keys     []Typed

	Complaints []string // about structures
	Asked      []int    // the numbers of the messages that it has shown
}

// Control codes of this reader: any that a driver might choose.
const (
	codeVerify     uint32 = 0x42330006
	codeModify     uint32 = 0x42330007
	codeProperties uint32 = 0x42330012
)

// Feature is an entry of a list of features.
func Feature(f pinpad.Feature, code uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{byte(f), 4}, code)
}

func all() []byte {
	list := Feature(pinpad.VerifyPINDirect, codeVerify)
	list = append(list, Feature(pinpad.ModifyPINDirect, codeModify)...)
	return append(list, Feature(pinpad.GetTLVProperties, codeProperties)...)
}

// VerifyOnly is the list of a reader that cannot have a PIN changed.
func VerifyOnly() []byte { return Feature(pinpad.VerifyPINDirect, codeVerify) }

// Control answers one control.
func (r *Reader) Control(ctx context.Context, code uint32, in []byte) ([]byte, error) {
	switch code {
	case pinpad.GetFeatureRequest:
		if r.Features != nil {
			return r.Features, nil
		}
		return all(), nil
	case codeProperties:
		return r.properties(), nil
	case codeVerify:
		return r.enter(ctx, in, verify)
	case codeModify:
		return r.enter(ctx, in, modify)
	}
	return nil, fmt.Errorf("there is no control %08X", code)
}

func (r *Reader) properties() []byte {
	out := []byte{8, 3, 'F', 'W', '1'} // sFirmwareID
	if r.Min != 0 {
		out = append(out, 6, 1, r.Min)
	}
	if r.Max != 0 {
		out = append(out, 7, 1, r.Max)
	}
	return out
}

// The reader's own answers.
var (
	answerTimeout   = []byte{0x64, 0x00}
	answerCancelled = []byte{0x64, 0x01}
	answerDiffer    = []byte{0x64, 0x02}
	answerLength    = []byte{0x64, 0x03}
	answerRefused   = []byte{0x6B, 0x80}
)

func (r *Reader) enter(ctx context.Context, in []byte, parse func([]byte) (job, error)) ([]byte, error) {
	j, err := parse(in)
	if err == nil {
		err = j.check()
	}
	if err != nil {
		r.Complaints = append(r.Complaints, err.Error())
		return answerRefused, nil
	}
	digits := make([]string, len(j.messages))
	for i, message := range j.messages {
		r.Asked = append(r.Asked, message)
		var answer []byte
		if digits[i], answer = r.key(j); answer != nil {
			return answer, nil
		}
	}
	if j.confirm && digits[len(digits)-1] != digits[len(digits)-2] {
		return answerDiffer, nil
	}
	for i, at := range j.places {
		copy(j.data()[at:], digits[i])
	}
	return r.Card.Transmit(ctx, j.command)
}

// key lets the person type once; an answer ends it.
func (r *Reader) key(j job) (digits string, answer []byte) {
	typed := Nothing
	if len(r.Keys) > 0 {
		typed, r.Keys = r.Keys[0], r.Keys[1:]
	}
	switch {
	case typed == Nothing:
		return "", answerTimeout
	case typed == Cancel:
		return "", answerCancelled
	case len(typed) < j.min || len(typed) > j.max:
		return "", answerLength
	}
	return string(typed), nil
}
