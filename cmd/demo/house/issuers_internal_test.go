package house

import (
	"crypto/x509"
	"testing"
	"time"

	"unlockpoint/reader/simcard"
)

// Whoever issued a real card vouches for it beside the demo's own authority.
func TestIssuersOfRealCards(t *testing.T) {
	own, other := issuer(t, "the demo's"), issuer(t, "the hospital's")
	for who, a := range map[string]*simcard.Authority{"the demo's": own, "the hospital's": other} {
		pool, err := vouching(own, other.CertificatePEM())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := card(t, a).Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Errorf("%s card: %v", who, err)
		}
	}
	alone, err := vouching(own, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card(t, other).Verify(x509.VerifyOptions{Roots: alone, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err == nil {
		t.Error("the hospital's card is believed without its issuer")
	}
	if _, err := vouching(own, []byte("no certificate")); err == nil {
		t.Error("a file without a certificate is taken")
	}
}

func issuer(t *testing.T, name string) *simcard.Authority {
	t.Helper()
	a, err := simcard.NewAuthority(name, time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func card(t *testing.T, a *simcard.Authority) *x509.Certificate {
	t.Helper()
	c, err := simcard.New(simcard.Config{Kind: simcard.Working, Profiles: []string{"piv"}, Name: "A card", Authority: a})
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(c.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}
