package piv

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"unlockpoint/reader/iso7816"
)

// Names in a card authentication certificate, FIPS 201-3, 4.2.1 and the
// Federal PKI's common policy.
var (
	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidFASCN          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 6, 6}
	oidCardAuth       = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 6, 8} // extended key usage
)

// maxCertificate bounds what a compressed certificate may unpack to; cards
// hold 1,856 bytes (SP 800-73-4 part 1, table 7), some a little more.
const maxCertificate = 16 << 10

// certificate reads and parses the certificate in a data object.
func (c *Card) certificate(ctx context.Context, object uint32) (*x509.Certificate, error) {
	value, err := c.read(ctx, object)
	if err != nil {
		return nil, fmt.Errorf("reading certificate %X: %w", object, err)
	}
	certificate, err := ParseCertificateObject(value)
	if err != nil {
		return nil, fmt.Errorf("reading certificate %X: %w", object, err)
	}
	return certificate, nil
}

// ParseCertificateObject parses the value of a certificate's data object
// (SP 800-73-4 part 1, table 10): 70 the certificate, 71 whether it is packed.
func ParseCertificateObject(value []byte) (*x509.Certificate, error) {
	objects, err := iso7816.ParseObjects(value)
	if err != nil {
		return nil, err
	}
	der, _ := iso7816.Find(objects, 0x70)
	if how, ok := iso7816.Find(objects, 0x71); ok && len(how) == 1 && how[0]&1 == 1 {
		if der, err = unpack(der); err != nil {
			return nil, err
		}
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", iso7816.ErrMalformed)
	}
	return certificate, nil
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("packed certificate: %w", iso7816.ErrMalformed)
	}
	der, err := io.ReadAll(io.LimitReader(z, maxCertificate))
	if err != nil {
		return nil, fmt.Errorf("packed certificate: %w", iso7816.ErrMalformed)
	}
	return der, nil
}

// ParseCardCertificate names the card that a card authentication certificate
// (DER) was made for, by the same rule as the card itself.
func ParseCardCertificate(der []byte) (cardID string, err error) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return "", fmt.Errorf("card certificate: %w", iso7816.ErrMalformed)
	}
	return cardOf(certificate)
}

func cardOf(certificate *x509.Certificate) (string, error) {
	fascn, err := fascnOf(certificate)
	if err != nil {
		return "", err
	}
	id, err := nameCard(fascn, guidOf(certificate))
	if err != nil {
		return "", fmt.Errorf("card certificate: %w", err)
	}
	return id, nil
}

// guidOf finds urn:uuid:... among the alternative names.
func guidOf(certificate *x509.Certificate) []byte {
	for _, uri := range certificate.URIs {
		text, ok := strings.CutPrefix(strings.ToLower(uri.String()), "urn:uuid:")
		guid, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
		if ok && err == nil && len(guid) == lengthGUID {
			return guid
		}
	}
	return nil
}

// otherName is the first choice of GeneralName, RFC 5280, 4.2.1.6.
type otherName struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue `asn1:"tag:0"`
}

func fascnOf(certificate *x509.Certificate) ([]byte, error) {
	for _, extension := range certificate.Extensions {
		if extension.Id.Equal(oidSubjectAltName) {
			return fascnIn(extension.Value)
		}
	}
	return nil, nil
}

func fascnIn(names []byte) ([]byte, error) {
	var sequence []asn1.RawValue
	if rest, err := asn1.Unmarshal(names, &sequence); err != nil || len(rest) > 0 {
		return nil, errAltName
	}
	for _, name := range sequence {
		if name.Class != asn1.ClassContextSpecific || name.Tag != 0 {
			continue
		}
		var other otherName
		if _, err := asn1.UnmarshalWithParams(name.FullBytes, &other, "tag:0"); err != nil {
			return nil, errAltName
		}
		if !other.Type.Equal(oidFASCN) {
			continue
		}
		var fascn []byte
		if _, err := asn1.Unmarshal(other.Value.Bytes, &fascn); err != nil {
			return nil, errAltName
		}
		return fascn, nil
	}
	return nil, nil
}

var errAltName = fmt.Errorf("alternative names of a card certificate: %w", iso7816.ErrMalformed)
