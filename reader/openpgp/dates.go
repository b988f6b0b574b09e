package openpgp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/validity"
)

// mostParts is more than any issuer's name needs before the dates.
const mostParts = 4

// dates are those of the authentication key's certificate, the first of the
// three that a card may hold; zero where none is stored, or something else. A
// card can be unlocked without. One command brings them, unless the issuer's
// name is very long.
func (c *Card) dates(ctx context.Context) (notBefore, notAfter time.Time, err error) {
	enough := func(b []byte) bool {
		_, _, err := parseDates(b)
		return err == nil
	}
	r, err := iso7816.Begin(ctx, c.link, get(objectCertificate), mostParts, enough)
	if err != nil && !errors.Is(err, iso7816.ErrMalformed) {
		return notBefore, notAfter, fmt.Errorf("reading the certificate: %w", err)
	}
	notBefore, notAfter, _ = parseDates(r.Data)
	return notBefore, notAfter, nil
}

// parseDates reads the beginning of the data object, with or without its tag
// before the certificate.
func parseDates(b []byte) (notBefore, notAfter time.Time, err error) {
	tag := []byte{objectCertificate >> 8, objectCertificate & 0xFF}
	if inner, ok := validity.Inside(b, len(tag)); ok && bytes.HasPrefix(b, tag) {
		b = inner
	}
	return validity.Read(b)
}
