package authority_test

import (
	"crypto/x509"
	"encoding/pem"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
)

// opened opens an authority twice, as over a restart, on day 0 and later.
func opened(t *testing.T) (first, later *authority.Authority, day func(n int) time.Time) {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "ring"))
	if err != nil {
		t.Fatal(err)
	}
	day = func(n int) time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n) }
	open := func(n int) (a *authority.Authority) {
		err := db.Update(t.Context(), func(tx store.Tx) (err error) {
			a, err = authority.Open(tx, ring, "trust.example", func() time.Time { return day(n) })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	return open(0), open(100), day
}

func parse(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// A terminal without a clock believes that it is the day on which it enrolled.
func TestTheBrokersCertificateIsGoodForWhoLivesInThePast(t *testing.T) {
	first, later, day := opened(t)
	text, _, err := later.Server([]string{"broker.example", "192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	cert := parse(t, text)
	for _, host := range []string{"broker.example", "192.0.2.7"} {
		_, err := cert.Verify(x509.VerifyOptions{DNSName: host, Roots: first.Pool(), CurrentTime: day(1)})
		if err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := cert.Verify(x509.VerifyOptions{DNSName: "other.example", Roots: first.Pool(), CurrentTime: day(101)}); err == nil {
		t.Error("it is good for every host")
	}
}

func TestAUserIsNoServerAndEnds(t *testing.T) {
	first, _, day := opened(t)
	issued, err := first.User("ward7-door", parse(t, first.PEM()).PublicKey, authority.ClientLife)
	if err != nil {
		t.Fatal(err)
	}
	cert := parse(t, issued.PEM)
	for name, c := range map[string]struct {
		day  int
		use  x509.ExtKeyUsage
		good bool
	}{
		"as a client":      {1, x509.ExtKeyUsageClientAuth, true},
		"as a server":      {1, x509.ExtKeyUsageServerAuth, false},
		"a year and a day": {366, x509.ExtKeyUsageClientAuth, false},
		"long before it":   {-1, x509.ExtKeyUsageClientAuth, false},
		"on its last day":  {364, x509.ExtKeyUsageClientAuth, true},
	} {
		_, err := cert.Verify(x509.VerifyOptions{Roots: first.Pool(), CurrentTime: day(c.day), KeyUsages: []x509.ExtKeyUsage{c.use}})
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if cert.Subject.CommonName != "ward7-door" || !cert.NotAfter.Equal(issued.Ends) || cert.SerialNumber.String() != issued.Serial {
		t.Errorf("%+v, %v", issued, cert.Subject)
	}
}

func TestWhatHasEndedNeedsNoRevoking(t *testing.T) {
	_, later, day := opened(t)
	text, err := later.RevocationList([]authority.Issued{{Serial: "7", Ends: day(99)}, {Serial: "8", Ends: day(101)}})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	list, err := x509.ParseRevocationList(block.Bytes)
	if err != nil || len(list.RevokedCertificateEntries) != 1 || list.RevokedCertificateEntries[0].SerialNumber.Int64() != 8 {
		t.Errorf("%+v, %v", list, err)
	}
}
