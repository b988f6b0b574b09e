package piv_test

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func prove(t testing.TB, b bench, digest [32]byte) reader.Proof {
	t.Helper()
	proof, err := b.Open(t).Prove(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

func TestAProofHoldsForItsCardDigestAuthorityAndTimeOnly(t *testing.T) {
	b := newBench(t, simcard.Config{})
	other := newBench(t, simcard.Config{})
	digest := sha256.Sum256([]byte("nonce"))
	proof, now := prove(t, b, digest), time.Now()

	id, err := piv.VerifyProof(proof, digest, b.authority.Pool(), now)
	if err != nil || id != b.Card.Status().CardID {
		t.Errorf("proof of %q, %v", id, err)
	}
	if named, err := piv.ParseCardCertificate(proof.Certificate); err != nil || named != id {
		t.Errorf("the certificate names %q, %v", named, err)
	}

	swapped := reader.Proof{Certificate: other.Card.Certificate(), Signature: proof.Signature}
	for name, verify := range map[string]func() (string, error){
		"other digest":    func() (string, error) { return piv.VerifyProof(proof, sha256.Sum256(nil), b.authority.Pool(), now) },
		"other authority": func() (string, error) { return piv.VerifyProof(proof, digest, other.authority.Pool(), now) },
		"no authority":    func() (string, error) { return piv.VerifyProof(proof, digest, nil, now) },
		"empty authority": func() (string, error) { return piv.VerifyProof(proof, digest, x509.NewCertPool(), now) },
		"other card":      func() (string, error) { return piv.VerifyProof(swapped, digest, other.authority.Pool(), now) },
		"too late": func() (string, error) {
			return piv.VerifyProof(proof, digest, b.authority.Pool(), now.AddDate(5, 0, 0))
		},
		"nothing": func() (string, error) { return piv.VerifyProof(reader.Proof{}, digest, b.authority.Pool(), now) },
	} {
		if id, err := verify(); id != "" || !errors.Is(err, piv.ErrProof) {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
}

// The log-in certificate of the same card names it too, and its key signs
// what the holder wants: it proves nothing about the card.
func TestALogInCertificateIsNoProof(t *testing.T) {
	b := newBench(t, simcard.Config{})
	digest := sha256.Sum256([]byte("nonce"))
	proof := prove(t, b, digest)
	b.Slot.Insert(b.Slot.Remove())
	link, err := b.Slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	if _, err := piv.Open(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	r, err := iso7816.Exchange(t.Context(), link, iso7816.Command{
		INS: 0xCB, P1: 0x3F, P2: 0xFF, Data: []byte{0x5C, 3, 0x5F, 0xC1, 0x05}, Le: iso7816.MaxExtended,
	})
	if err != nil {
		t.Fatal(err)
	}
	object, err := iso7816.FindIn(r.Data, 0x53)
	if err != nil {
		t.Fatal(err)
	}
	login, err := piv.ParseCertificateObject(object)
	if err != nil {
		t.Fatal(err)
	}
	proof.Certificate = login.Raw
	if _, err := piv.VerifyProof(proof, digest, b.authority.Pool(), time.Now()); !errors.Is(err, piv.ErrProof) {
		t.Errorf("%v", err)
	}
}

func TestACardOfAnotherAuthorityProvesNothingHere(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Foreign})
	digest := sha256.Sum256([]byte("nonce"))
	if _, err := piv.VerifyProof(prove(t, b, digest), digest, b.authority.Pool(), time.Now()); !errors.Is(err, piv.ErrProof) {
		t.Errorf("%v", err)
	}
}

func TestAnExpiredCardSaysSo(t *testing.T) {
	b := newBench(t, simcard.Config{Kind: simcard.Expired})
	info, err := b.Open(t).Info(t.Context())
	if err != nil || !info.NotAfter.Before(time.Now()) {
		t.Errorf("%+v, %v", info, err)
	}
}

// A derived PUK must never change: cards in the field carry it.
func TestThePUKOfAGenerationIsFixed(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	const card = "piv:00112233445566778899aabbccddeeff"
	seen := map[string]bool{}
	for generation, want := range []string{"96721021", "74374637", "12113482"} {
		puk := string(piv.PUK(key, card, generation))
		if puk != want {
			t.Errorf("generation %d: %s, want %s", generation, puk, want)
		}
		seen[puk] = true
	}
	seen[string(piv.PUK(key, card+"0", 0))] = true
	seen[string(piv.PUK(key[1:], card, 0))] = true
	if len(seen) != 5 {
		t.Errorf("PUKs repeat: %v", seen)
	}
}

func FuzzParseCHUID(f *testing.F) {
	fascn, guid := make([]byte, 25), make([]byte, 16)
	fascn[3], guid[3] = 1, 1
	b := iso7816.AppendObject(nil, 0x30, fascn)
	f.Add(iso7816.AppendObject(b, 0x34, guid))
	f.Add(iso7816.AppendObject(nil, 0x34, guid))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, chuid []byte) {
		id, err := piv.ParseCHUID(chuid)
		if err == nil && len(id) != len("piv:")+50 && len(id) != len("piv:")+32 {
			t.Errorf("% X is %q", chuid, id)
		}
	})
}

func FuzzParseCardCertificate(f *testing.F) {
	card, err := simcard.New(simcard.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(card.Certificate())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, der []byte) {
		if id, err := piv.ParseCardCertificate(der); err == nil && id == "" {
			t.Error("a certificate without a card")
		}
	})
}

func FuzzParseCertificateObject(f *testing.F) {
	card, err := simcard.New(simcard.Config{})
	if err != nil {
		f.Fatal(err)
	}
	object := iso7816.AppendObject(nil, 0x70, card.Certificate())
	f.Add(iso7816.AppendObject(object, 0x71, []byte{0}))
	f.Add(iso7816.AppendObject(object, 0x71, []byte{1}))
	f.Fuzz(func(t *testing.T, object []byte) {
		if c, err := piv.ParseCertificateObject(object); (c == nil) == (err == nil) {
			t.Errorf("%v, %v", c, err)
		}
	})
}
