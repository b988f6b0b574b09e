// Package authority is central's own certificate authority. It vouches, for
// the broker and for those who speak to it, that a name belongs to a key; in
// nothing else is anybody to believe it.
//
// Its words: a user is the name in a client's certificate, which is the id of
// a terminal, of an operator, or central; the server is the broker. What was
// issued to whom is for the caller to keep: it takes an [Issued] to revoke it.
//
// Its key is ECDSA P-256, which every TLS 1.3 has (RFC 8446, 9.1), and lies
// in the store, sealed under the key ring.
package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
)

// How long certificates are valid.
const (
	ownLife    = 20 * 365 * 24 * time.Hour
	serverLife = 2 * 365 * 24 * time.Hour
	ClientLife = 365 * 24 * time.Hour // of terminals and operators
	shortLife  = 7 * 24 * time.Hour   // of central's own, made for each connection

	// early is how far behind the broker's clock may be.
	early = time.Hour
)

// Authority issues certificates. Many goroutines may use it.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	now  func() time.Time
}

// row is the authority as it is kept: DER, and PKCS #8 sealed.
type row struct {
	Certificate []byte `json:"certificate"`
	Key         []byte `json:"key"`
}

func table() store.Table[row] { return store.Table[row]{Name: "authority"} }

// current is the key of the only row so far.
const current = "1"

// Open reads the authority of a store, or makes it the first time.
func Open(tx store.Tx, ring *keyring.Ring, realm string, now func() time.Time) (*Authority, error) {
	r, there, err := table().Find(tx, current)
	if err == nil && !there {
		if r, err = found(ring, realm, now()); err == nil {
			err = table().Put(tx, current, r)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the certificate authority: %w", err)
	}
	a, err := open(ring, r)
	if err != nil {
		return nil, fmt.Errorf("opening the certificate authority: %w", err)
	}
	a.now = now
	return a, nil
}

func found(ring *keyring.Ring, realm string, now time.Time) (row, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return row{}, err
	}
	form := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Unlockpoint " + realm},
		NotBefore: now.Add(-early), NotAfter: now.Add(ownLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return row{}, err
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return row{}, err
	}
	defer clear(plain)
	sealed, err := ring.Seal(keyring.Field, table().Name, current, plain)
	return row{Certificate: der, Key: sealed}, err
}

func open(ring *keyring.Ring, r row) (*Authority, error) {
	plain, err := ring.Open(keyring.Field, table().Name, current, r.Key)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, errors.New("its key does not read")
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("its key does not sign")
	}
	cert, err := x509.ParseCertificate(r.Certificate)
	return &Authority{cert: cert, key: signer}, err
}

// PEM is the authority's certificate.
func (a *Authority) PEM() string { return certificate(a.cert.Raw) }

// Pool has the authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// Issued is a user's certificate, and what revokes it. Serial is decimal.
type Issued struct {
	PEM    string    `json:"-"`
	Serial string    `json:"serial"`
	Ends   time.Time `json:"ends"`
}

// User vouches that a user has the key, for life.
func (a *Authority) User(name string, key crypto.PublicKey, life time.Duration) (Issued, error) {
	now := a.now()
	form := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-early), NotAfter: now.Add(life).Truncate(time.Second),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, key, a.key)
	if err != nil {
		return Issued{}, fmt.Errorf("issuing a certificate for %s: %w", name, err)
	}
	return Issued{PEM: certificate(der), Serial: form.SerialNumber.String(), Ends: form.NotAfter}, nil
}

// Give makes a key (PKCS #8) and vouches that a user has it, for the usual life.
func (a *Authority) Give(name string) (key []byte, issued Issued, err error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, Issued{}, fmt.Errorf("making a key for %s: %w", name, err)
	}
	if key, err = x509.MarshalPKCS8PrivateKey(own); err != nil {
		return nil, Issued{}, fmt.Errorf("writing the key of %s: %w", name, err)
	}
	issued, err = a.User(name, own.Public(), ClientLife)
	return key, issued, err
}

// serial is random, as RFC 5280, 4.1.2.2 allows it: positive, at most 20 bytes.
func serial() *big.Int {
	raw := make([]byte, 16)
	rand.Read(raw) // never fails (crypto/rand)
	return new(big.Int).SetBytes(raw)
}

// Own is a connection's configuration for who holds the authority itself: a
// fresh certificate for name each time, so that none has to be kept or renewed.
func (a *Authority) Own(name string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: a.Pool(), Time: a.now,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err != nil {
				return nil, err
			}
			issued, err := a.User(name, key.Public(), shortLife)
			if err != nil {
				return nil, err
			}
			block, _ := pem.Decode([]byte(issued.PEM))
			return &tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key}, nil
		}}
}

// Server makes a key for the broker under its host names and addresses, and
// vouches for it; both are PEM. It is valid from the authority's own first day:
// a terminal without a clock of its own believes to live in the past, but
// never in one before it joined.
func (a *Authority) Server(hosts []string) (cert, key string, err error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("making the broker's key: %w", err)
	}
	form := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "broker"},
		NotBefore: a.cert.NotBefore, NotAfter: a.now().Add(serverLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			form.IPAddresses = append(form.IPAddresses, ip)
		} else {
			form.DNSNames = append(form.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, own.Public(), a.key)
	if err != nil {
		return "", "", fmt.Errorf("vouching for the broker: %w", err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		return "", "", fmt.Errorf("writing the broker's key: %w", err)
	}
	return certificate(der), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: plain})), nil
}

func revoked() store.Table[Issued] { return store.Table[Issued]{Name: "revoked"} }

// Revoke puts certificates on the list of those that are not valid any more.
func Revoke(tx store.Tx, list []Issued) error {
	for _, one := range list {
		if err := revoked().Put(tx, one.Serial, one); err != nil {
			return fmt.Errorf("revoking a certificate: %w", err)
		}
	}
	return nil
}

// Revoked is that list, PEM.
func (a *Authority) Revoked(tx store.Tx) (string, error) {
	var list []Issued
	for row, err := range revoked().Each(tx, "") {
		if err != nil {
			return "", fmt.Errorf("listing what is revoked: %w", err)
		}
		list = append(list, row.Value)
	}
	return a.RevocationList(list)
}

// RevocationList names those of the certificates that have not ended anyway,
// as PEM. It holds as long as the authority: with a list that has run out,
// OpenSSL would let nobody in.
func (a *Authority) RevocationList(list []Issued) (string, error) {
	now := a.now()
	form := &x509.RevocationList{
		Number: big.NewInt(now.UnixNano()), ThisUpdate: now.Add(-early), NextUpdate: a.cert.NotAfter,
	}
	for _, one := range list {
		n, ok := new(big.Int).SetString(one.Serial, 10)
		if !ok {
			return "", fmt.Errorf("revoking: %q is no serial number", one.Serial)
		}
		if one.Ends.After(now) {
			form.RevokedCertificateEntries = append(form.RevokedCertificateEntries,
				x509.RevocationListEntry{SerialNumber: n, RevocationTime: form.ThisUpdate})
		}
	}
	der, err := x509.CreateRevocationList(rand.Reader, form, a.cert, a.key)
	if err != nil {
		return "", fmt.Errorf("revoking: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})), nil
}

func certificate(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
