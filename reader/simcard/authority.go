package simcard

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Authority is a test card authority: it issues the certificates that name
// virtual cards.
type Authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// authorityLife is long enough for demonstrations that nobody renews.
const authorityLife = 20 // years

// NewAuthority makes an authority whose certificate is in force ten years
// before since, so that it covers expired cards as well.
func NewAuthority(name string, since time.Time) (*Authority, error) {
	key, err := newKey(false)
	if err != nil {
		return nil, fmt.Errorf("making a card authority: %w", err)
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             since.AddDate(-10, 0, 0),
		NotAfter:              since.AddDate(authorityLife, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making a card authority: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("making a card authority: %w", err)
	}
	return &Authority{certificate: certificate, key: key}, nil
}

// OpenAuthority loads the authority at path, or makes one and keeps it there.
func OpenAuthority(path, name string) (*Authority, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		return ParseAuthority(text)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening a card authority: %w", err)
	}
	a, err := NewAuthority(name, time.Now())
	if err != nil {
		return nil, err
	}
	if text, err = a.PEM(); err != nil {
		return nil, err
	}
	if err := replaceFile(path, text); err != nil {
		return nil, fmt.Errorf("keeping a card authority: %w", err)
	}
	return a, nil
}

const (
	pemCertificate = "CERTIFICATE"
	pemKey         = "PRIVATE KEY"
)

// ParseAuthority reads what PEM wrote.
func ParseAuthority(text []byte) (*Authority, error) {
	a := &Authority{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if err := a.take(block); err != nil {
			return nil, fmt.Errorf("reading a card authority: %w", err)
		}
	}
	if a.certificate == nil || a.key == nil {
		return nil, errors.New("reading a card authority: certificate or key is missing")
	}
	return a, nil
}

func (a *Authority) take(block *pem.Block) (err error) {
	switch block.Type {
	case pemCertificate:
		a.certificate, err = x509.ParseCertificate(block.Bytes)
	case pemKey:
		var key any
		if key, err = x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			a.key, _ = key.(crypto.Signer)
		}
	}
	return err
}

// PEM returns certificate and private key.
func (a *Authority) PEM() ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, fmt.Errorf("writing a card authority: %w", err)
	}
	return append(a.CertificatePEM(), pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: key})...), nil
}

// CertificatePEM returns the certificate, which a server trusts cards by.
func (a *Authority) CertificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: a.certificate.Raw})
}

// Pool returns the authority alone, to verify proofs with.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// certificateOrder is what a card asks of its authority.
type certificateOrder struct {
	guid, fascn         []byte
	notBefore, notAfter time.Time
}

// issue makes the certificate of a card authentication key, or of a log-in key.
func (a *Authority) issue(public crypto.PublicKey, o certificateOrder, cardAuth bool) ([]byte, error) {
	names, err := altNames(o)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:         pkix.Name{CommonName: hex.EncodeToString(o.guid)},
		NotBefore:       o.notBefore,
		NotAfter:        o.notAfter,
		KeyUsage:        x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{names},
	}
	if cardAuth { // id-PIV-cardAuth, FIPS 201-3
		template.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{2, 16, 840, 1, 101, 3, 6, 8}}
	} else {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	return x509.CreateCertificate(rand.Reader, template, a.certificate, public, a.key)
}

// altNames names the card: the FASC-N as an other name, the GUID as a URN
// (SP 800-73-4 part 1, table 41, and RFC 9562).
func altNames(o certificateOrder) (pkix.Extension, error) {
	type fascn struct {
		Type  asn1.ObjectIdentifier
		Value []byte `asn1:"explicit,tag:0"`
	}
	other, err := asn1.MarshalWithParams(fascn{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 6, 6}, o.fascn}, "tag:0")
	if err != nil {
		return pkix.Extension{}, fmt.Errorf("naming the card: %w", err)
	}
	g := o.guid
	urn := fmt.Appendf(nil, "urn:uuid:%x-%x-%x-%x-%x", g[:4], g[4:6], g[6:8], g[8:10], g[10:])
	names, err := asn1.Marshal([]asn1.RawValue{
		{FullBytes: other},
		{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: urn},
	})
	if err != nil {
		return pkix.Extension{}, fmt.Errorf("naming the card: %w", err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: names}, nil
}
