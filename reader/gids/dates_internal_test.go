package gids

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"unlockpoint/reader/iso7816"
)

var begins, ends = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC)

// object is a certificate by an issuer of that name, as a card holds it.
func object(t testing.TB, issuer pkix.Name) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent := &x509.Certificate{Subject: issuer}
	template := &x509.Certificate{SerialNumber: big.NewInt(1 << 62), NotBefore: begins, NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	zipped.Write([]byte{1, 0, byte(len(der)), byte(len(der) >> 8)})
	z := zlib.NewWriter(&zipped)
	z.Write(der)
	z.Close()
	return iso7816.AppendObject(nil, 0xDF24, zipped.Bytes())
}

// A real authority's name, as long as they come.
var longName = pkix.Name{
	Country: []string{"GB"}, Organization: []string{"Department of Health and Social Care"},
	OrganizationalUnit: []string{"National Health Service, Registration Authority Services"},
	Locality:           []string{"Leeds, West Yorkshire"}, CommonName: "NHS Level 2D Certification Authority for Smartcards",
}

func TestTheDatesStandInTheFirstTwoParts(t *testing.T) {
	whole := object(t, longName)
	for n := range whole {
		notBefore, notAfter, err := parseDates(whole[:n])
		if err == nil && (!notBefore.Equal(begins) || !notAfter.Equal(ends)) {
			t.Fatalf("%d bytes say %v to %v", n, notBefore, notAfter)
		}
		if err != nil && n >= 2*iso7816.MaxShort {
			t.Errorf("%d of %d bytes are too few", n, len(whole))
		}
	}
}

func TestTheFirstKeyThatDecryptsIsTheOneForLoggingIn(t *testing.T) {
	record := func(folder, name string, object byte) []byte {
		r := make([]byte, recordLength)
		copy(r, folder)
		copy(r[nameLength:], name)
		copy(r[atObject:], []byte{object, 0xDF, 0, 0, 0x10, 0xA0})
		return r
	}
	list := func(records ...[]byte) []byte { return append([]byte{1}, bytes.Join(records, nil)...) }
	signs, first, second := record("mscp", "ksc00", 0x24), record("mscp", "kxc01", 0x25), record("mscp", "kxc02", 0x26)
	for name, c := range map[string]struct {
		list []byte
		want uint16
	}{
		"empty":           {nil, 0},
		"no record":       {list(), 0},
		"another version": {append([]byte{2}, first...), 0},
		"another folder":  {list(record("", "kxc00", 0x27)), 0},
		"another file":    {list(record("mscp", "cmapfile", 0x23)), 0},
		"cut short":       {list(first)[:recordLength], 0},
		"signature only":  {list(signs), 0xDF24},
		"both":            {list(signs, first, second), 0xDF25},
		"and more":        {append(list(first), 1, 2, 3), 0xDF25},
	} {
		where, ok := findCertificate(c.list)
		if ok != (c.want != 0) || where.object != c.want || ok && where.file != 0xA010 {
			t.Errorf("%s: %04X, %v", name, where, ok)
		}
	}
}

func FuzzDates(f *testing.F) {
	whole := object(f, longName)
	f.Add(whole)
	f.Add(whole[:300])
	f.Add([]byte{})
	f.Add([]byte("\xDF\x24\x04\x01\x00\x00\x00"))
	f.Add([]byte("\xDF\x24\xFF\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		notBefore, notAfter, err := parseDates(b)
		if err != nil && !(notBefore.IsZero() && notAfter.IsZero()) {
			t.Errorf("%v, and %v to %v", err, notBefore, notAfter)
		}
		findCertificate(b)
		parseTries(b)
		nameCard(b)
		version(b)
	})
}
