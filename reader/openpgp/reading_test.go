package openpgp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/profiles/profiletest"
)

// A secret as typed, to a card that wants digests, would be a wrong one: where
// the card does not say what it wants, nothing is sent.
func TestACardThatDoesNotSayHowItWantsSecretsIsSentNone(t *testing.T) {
	s2k := func(digest, salts string) string { return "810103" + "8201" + digest + "830400010000" + salts + "9000" }
	salt := "84083031323334353637"
	for kdf, c := range map[string]struct {
		sent string
		err  error
	}{
		"6a88":                   {sent: "0020008206" + "313233343536"},
		"6a82":                   {sent: "0020008206" + "313233343536"},
		"6b00":                   {sent: "0020008206" + "313233343536"},
		"9000":                   {sent: "0020008206" + "313233343536"},
		"8101009000":             {sent: "0020008206" + "313233343536"},
		"f9038101009000":         {sent: "0020008206" + "313233343536"},
		s2k("08", salt):          {sent: "0020008220"},
		s2k("0a", salt):          {sent: "0020008240"},
		"f916" + s2k("08", salt): {sent: "0020008220"}, // with its tag
		"6982":                   {err: iso7816.StatusError{INS: 0xCA, Status: 0x6982}},
		"6f00":                   {err: iso7816.StatusError{INS: 0xCA, Status: 0x6F00}},
		"810102" + "9000":        {err: reader.ErrUnsupported},
		"00000000" + "9000":      {err: iso7816.ErrMalformed},
		s2k("09", salt):          {err: reader.ErrUnsupported},
		s2k("08", ""):            {err: iso7816.ErrMalformed},
		s2k("08", salt+"860431"): {err: iso7816.ErrMalformed},
		strings.Replace(s2k("08", salt), "830400010000", "83040fffffff", 1): {err: reader.ErrUnsupported},
	} {
		card, s := meet(t, map[string]string{"00ca006e": withKDF, "00ca00f9": kdf, "0020": "9000"})
		o, err := card.Verify(t.Context(), []byte("123456"))
		if c.err != nil {
			if !errors.Is(err, c.err) || s.tests() != 0 {
				t.Errorf("%s: %+v, %v; sent %v", kdf, o, err, s.heard)
			}
			continue
		}
		profiletest.Want(t, kdf, reader.OK, reader.Unknown)(o, err)
		if last := s.heard[len(s.heard)-1]; !strings.HasPrefix(last, c.sent) {
			t.Errorf("%s: sent %s, want %s", kdf, last, c.sent)
		}
	}
}

// A card that has room for a passcode of 32 bytes cannot have digests of 64.
func TestDigestsThatDoNotFitAreNotSent(t *testing.T) {
	narrow := strings.Replace(withKDF, "007f407f", "007f4020", 1)
	kdf := "810103" + "82010a" + "830400010000" + "84083031323334353637" + "9000"
	card, s := meet(t, map[string]string{"00ca006e": narrow, "00ca00f9": kdf, "0020": "9000"})
	if o, err := card.Verify(t.Context(), []byte("123456")); !errors.Is(err, reader.ErrUnsupported) || s.tests() != 0 {
		t.Errorf("%+v, %v", o, err)
	}
}

// An older card is not asked for what it cannot have.
func TestACardWithoutKDFIsNotAskedForIt(t *testing.T) {
	card, s := meet(t, map[string]string{"00ca006e": withoutKDF, "0020": "9000"})
	info, err := card.Info(t.Context())
	if err != nil || info.ID != "openpgp:000501020304" || info.Tries != 3 || info.PUKTries != 2 || info.Rule != (reader.Rule{Min: 6, Max: 32}) {
		t.Errorf("%+v, %v", info, err)
	}
	if n := len(s.heard); n != 3 {
		t.Errorf("%d commands: %v", n, s.heard)
	}
}

func TestCardsThatAreNotServed(t *testing.T) {
	for what, c := range map[string]struct {
		says string
		want error
	}{
		"nothing":                 {"6a88", reader.ErrUnknownCard},
		"no data":                 {"9000", reader.ErrUnknownCard},
		"no number":               {strings.Replace(withKDF, "01020304", "00000000", 1), reader.ErrUnknownCard},
		"the first version":       {strings.Replace(withKDF, "0304", "0101", 1), reader.ErrUnsupported},
		"passcodes in PIN blocks": {strings.Replace(withKDF, "007f407f", "0088407f", 1), reader.ErrUnsupported},
		"an error of its own":     {"6f00", iso7816.StatusError{INS: 0xCA, Status: 0x6F00}},
	} {
		card, s := meet(t, map[string]string{"00ca006e": c.says, "0020": "9000"})
		if info, err := card.Info(t.Context()); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", what, info, err)
		}
		if o, err := card.Unblock(t.Context(), []byte(admin), []byte("271828")); !errors.Is(err, c.want) || s.tests() != 0 {
			t.Errorf("%s: %+v, %v", what, o, err)
		}
	}
}

var begins, ends = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC)

func certificate(t testing.TB, issuer string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}
	template := &x509.Certificate{SerialNumber: big.NewInt(1 << 62), NotBefore: begins, NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// inParts is a strange card that sends its certificate in parts.
type inParts struct {
	*strange
	rest []byte
	sent int
}

func (p *inParts) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if !bytes.HasPrefix(apdu, []byte{0x00, 0xCA, 0x7F, 0x21}) && apdu[1] != iso7816.InsGetResponse {
		return p.strange.Transmit(ctx, apdu)
	}
	p.sent++
	part := p.rest[:min(iso7816.MaxShort, len(p.rest))]
	p.rest = p.rest[len(part):]
	status := iso7816.StatusOK
	if len(p.rest) > 0 {
		status = iso7816.StatusMoreData
	}
	return iso7816.Response{Data: part, Status: status}.Bytes(), nil
}

func TestTheDatesTakeAsFewCommandsAsTheyCan(t *testing.T) {
	short, long := certificate(t, "Test card authority"), certificate(t, strings.Repeat("A very long name ", 20))
	for name, c := range map[string]struct {
		object []byte
		sent   int
	}{
		"plain":        {short, 1},
		"with its tag": {iso7816.AppendObject(nil, 0x7F21, short), 1},
		"a long name":  {long, 2},
	} {
		card := &inParts{&strange{answers: map[string]string{"00ca006e": withoutKDF}}, c.object, 0}
		opened, err := openpgp.Open(t.Context(), card)
		if err != nil {
			t.Fatal(err)
		}
		info, err := opened.Info(t.Context())
		if err != nil || !info.NotBefore.Equal(begins) || !info.NotAfter.Equal(ends) || card.sent != c.sent {
			t.Errorf("%s: %v to %v in %d commands, %v", name, info.NotBefore, info.NotAfter, card.sent, err)
		}
	}
	card := &inParts{&strange{answers: map[string]string{"00ca006e": withoutKDF}}, make([]byte, 1<<15), 0}
	opened, err := openpgp.Open(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := opened.Info(t.Context()); err != nil || !info.NotAfter.IsZero() || card.sent > 4 {
		t.Errorf("zeros: %+v in %d commands, %v", info, card.sent, err)
	}
}

func TestACardWithoutACertificateIsStillServed(t *testing.T) {
	for _, says := range []string{"9000", "6a88", "6a82", "6b00", "6982", "6985", "6f00", "7f2100" + "9000", "3003020101" + "9000", "ffff" + "9000"} {
		card, _ := meet(t, map[string]string{"00ca006e": withoutKDF, "00ca7f21": says})
		if info, err := card.Info(t.Context()); err != nil || !info.NotBefore.IsZero() || !info.NotAfter.IsZero() || info.Tries != 3 {
			t.Errorf("%s: %+v, %v", says, info, err)
		}
	}
}
