package piv_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// A card may say anything: it is believed where it makes sense, and never
// harms. What it says of itself is no proof to a stranger.
func FuzzCardThatSaysAnything(f *testing.F) {
	for _, cfg := range []simcard.Config{{Quirks: simcard.Quirks{Metadata: true}}, {Quirks: simcard.Quirks{T0: true}}, {RSA: true}} {
		f.Add(overhear(f, cfg))
	}
	stranger := newBench(f, simcard.Config{}).authority.Pool()
	digest := sha256.Sum256([]byte("nonce"))
	f.Fuzz(func(t *testing.T, speech []byte) {
		card, err := piv.Open(t.Context(), &talker{speech})
		if err != nil {
			return
		}
		if info, err := card.Info(t.Context()); err == nil && (!named(info.ID) || info.Tries < reader.Unknown || info.PUKTries < reader.Unknown) {
			t.Errorf("%+v", info)
		}
		sayProof(t, card, digest, stranger)
		// A new card hears the proof first: its certificate is read there.
		if card, err = piv.Open(t.Context(), &talker{speech}); err == nil {
			sayProof(t, card, digest, stranger)
		}
	})
}

func sayProof(t *testing.T, card reader.Card, digest [32]byte, stranger *x509.CertPool) {
	t.Helper()
	proof, err := card.Prove(t.Context(), digest)
	if err == nil {
		if _, err := x509.ParseCertificate(proof.Certificate); err != nil {
			t.Error(err)
		}
		if id, err := piv.VerifyProof(proof, digest, stranger, time.Now()); err == nil {
			t.Errorf("a stranger takes it for %q", id)
		}
	}
	o, err := card.Unblock(t.Context(), []byte("12345678"), []byte("271828"))
	if err == nil && (o.Tries < reader.Unknown || o.Tries > 15) {
		t.Errorf("%+v", o)
	}
}

func named(id string) bool { return len(id) == len("piv:")+50 || len(id) == len("piv:")+32 }

// Whatever bytes come as a proof: one that holds is this card's, and for this
// digest alone.
func FuzzVerifyProof(f *testing.F) {
	b, rsa := newBench(f, simcard.Config{}), newBench(f, simcard.Config{RSA: true})
	digest, now := sha256.Sum256([]byte("nonce")), time.Now()
	good, strange := prove(f, b, digest), prove(f, rsa, digest)
	f.Add(good.Certificate, good.Signature)
	f.Add(good.Certificate, strange.Signature)
	f.Add(strange.Certificate, strange.Signature)
	f.Add([]byte{}, []byte{})
	roots := b.authority.Pool()
	f.Fuzz(func(t *testing.T, certificate, signature []byte) {
		proof := reader.Proof{Certificate: certificate, Signature: signature}
		id, err := piv.VerifyProof(proof, digest, roots, now)
		switch {
		case err == nil && id != b.Card.Status().CardID:
			t.Errorf("a proof of %q", id)
		case err != nil && (id != "" || !errors.Is(err, piv.ErrProof) && !errors.Is(err, iso7816.ErrMalformed)):
			t.Errorf("%q, %v", id, err)
		}
		if _, err := piv.VerifyProof(proof, sha256.Sum256(nil), roots, now); err == nil {
			t.Error("it proves another digest too")
		}
	})
}

// overhear is what a real card says when it is asked everything.
func overhear(f *testing.F, cfg simcard.Config) []byte {
	link, err := newBench(f, cfg).Slot.Open(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	defer link.Close()
	ear := &listener{link: link}
	card, err := piv.Open(f.Context(), ear)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := card.Info(f.Context()); err != nil {
		f.Fatal(err)
	}
	if _, err := card.Prove(f.Context(), sha256.Sum256([]byte("nonce"))); err != nil {
		f.Fatal(err)
	}
	return ear.speech
}

// listener writes down what a card says, as a talker says it.
type listener struct {
	link   piv.Transmitter
	speech []byte
}

func (l *listener) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	answer, err := l.link.Transmit(ctx, apdu)
	l.speech = append(binary.BigEndian.AppendUint16(l.speech, uint16(len(answer))), answer...)
	return answer, err
}

// talker answers with what the speech holds, each answer behind its length in
// two bytes, as certificates are long, and in the end with silence.
type talker struct{ speech []byte }

func (s *talker) Transmit(context.Context, []byte) ([]byte, error) {
	if len(s.speech) < 2 {
		return nil, nil
	}
	n := min(int(binary.BigEndian.Uint16(s.speech)), len(s.speech)-2)
	answer := s.speech[2 : 2+n]
	s.speech = s.speech[2+n:]
	return answer, nil
}
