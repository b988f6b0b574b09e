package pinpad

import (
	"encoding/binary"
	"fmt"
)

// GetFeatureRequest is part 10's CM_IOCTL_GET_FEATURE_REQUEST with the control
// codes of pcsc-lite (SCARD_CTL_CODE in its reader.h).
const GetFeatureRequest uint32 = 0x42000000 + 3400

// Feature is a tag in the answer to GetFeatureRequest.
type Feature byte

// The features that matter here.
const (
	VerifyPINDirect  Feature = 0x06
	ModifyPINDirect  Feature = 0x07
	GetTLVProperties Feature = 0x12
)

// featureLength is that of a control code, which is big-endian (part 10, 2.2).
const featureLength = 4

// ParseFeatures reads a list of features with their control codes.
func ParseFeatures(raw []byte) (map[Feature]uint32, error) {
	features := map[Feature]uint32{}
	for len(raw) > 0 {
		tag, value, rest, err := split(raw)
		if err != nil {
			return nil, fmt.Errorf("the reader's features: %w", err)
		}
		if len(value) != featureLength {
			return nil, fmt.Errorf("the reader's feature %02X: %w length", tag, ErrMalformed)
		}
		features[Feature(tag)] = binary.BigEndian.Uint32(value)
		raw = rest
	}
	return features, nil
}

// split takes one tag with a length of one byte off the front.
func split(raw []byte) (tag byte, value, rest []byte, err error) {
	const header = 2
	if len(raw) < header || len(raw) < header+int(raw[1]) {
		return 0, nil, nil, ErrMalformed
	}
	end := header + int(raw[1])
	return raw[0], raw[header:end], raw[end:], nil
}

// Properties of a reader (part 10, GET_TLV_PROPERTIES).
const (
	propertyMinPIN = 6 // bMinPINSize
	propertyMaxPIN = 7 // bMaxPINSize
)

// digits reads how many digits a reader takes: 0 for what it does not say.
func digits(raw []byte) (least, most int) {
	for len(raw) > 0 {
		tag, value, rest, err := split(raw)
		if err != nil {
			return least, most
		}
		switch {
		case tag == propertyMinPIN && len(value) == 1:
			least = int(value[0])
		case tag == propertyMaxPIN && len(value) == 1:
			most = int(value[0])
		}
		raw = rest
	}
	return least, most
}
