// Package validity finds the dates of a certificate in its beginning: they
// stand in front of the name and key that make it long, and a card takes its
// time for every part of an answer.
//
// It checks nothing else of the certificate.
package validity

import (
	"encoding/asn1"
	"fmt"
	"time"

	"unlockpoint/reader/iso7816"
)

var errCertificate = fmt.Errorf("the beginning of a certificate: %w", iso7816.ErrMalformed)

// Read reads a certificate (DER) as far as its dates, RFC 5280, 4.1: in two
// sequences that may end anywhere behind them a version, which may be missing,
// the serial number, the algorithm, the issuer, the dates. Where the beginning
// is too short, it is an error.
func Read(der []byte) (notBefore, notAfter time.Time, err error) {
	rest := der
	for range 2 {
		var ok bool
		if rest, ok = Inside(rest, 1); !ok {
			return notBefore, notAfter, errCertificate
		}
	}
	for before := 3; before > 0; {
		var field asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &field); err != nil {
			return notBefore, notAfter, errCertificate
		}
		if field.Class == asn1.ClassUniversal { // the version is not
			before--
		}
	}
	var dates struct{ NotBefore, NotAfter time.Time }
	if _, err = asn1.Unmarshal(rest, &dates); err != nil {
		return notBefore, notAfter, errCertificate
	}
	return dates.NotBefore, dates.NotAfter, nil
}

// Inside drops tag and length of an object whose end may be missing.
func Inside(b []byte, tagLength int) ([]byte, bool) {
	if len(b) <= tagLength {
		return nil, false
	}
	header := tagLength + 1
	if n := int(b[tagLength]); n >= 0x80 {
		header += n & 0x7F
	}
	if len(b) < header {
		return nil, false
	}
	return b[header:], true
}
