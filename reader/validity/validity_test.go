package validity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/validity"
)

var begins, ends = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC)

func certificate(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "Test card authority"}}
	template := &x509.Certificate{SerialNumber: big.NewInt(1 << 62), NotBefore: begins, NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Cut anywhere, a beginning tells the dates or says that it cannot.
func TestTheDatesStandInTheBeginning(t *testing.T) {
	whole := certificate(t)
	const enough = 120 // behind them: 17 bytes of heads and numbers, 12 of algorithm, 32 of issuer, 34 of dates
	for n := range len(whole) + 1 {
		notBefore, notAfter, err := validity.Read(whole[:n])
		switch {
		case err == nil && (!notBefore.Equal(begins) || !notAfter.Equal(ends)):
			t.Fatalf("%d bytes say %v to %v", n, notBefore, notAfter)
		case err != nil && n >= enough:
			t.Errorf("%d bytes are too few: %v", n, err)
		case err != nil && !errors.Is(err, iso7816.ErrMalformed):
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	whole := certificate(f)
	f.Add(whole)
	f.Add(whole[:90])
	f.Add([]byte{})
	f.Add([]byte("\x30\xFF\x30\x80"))
	f.Fuzz(func(t *testing.T, b []byte) {
		notBefore, notAfter, err := validity.Read(b)
		if err != nil && !(notBefore.IsZero() && notAfter.IsZero()) {
			t.Errorf("%v, and %v to %v", err, notBefore, notAfter)
		}
	})
}
