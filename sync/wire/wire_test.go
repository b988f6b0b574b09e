package wire

import (
	"crypto/ed25519"
	"testing"
)

// party is one end in the tests: an id and its keys.
type party struct {
	id       string
	signer   Signer
	verifier Verifier
	seal     SealKey
}

func newParty(t testing.TB, id string) party {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	must(t, err)
	s, err := NewSigner(id, private)
	must(t, err)
	v, err := NewVerifier(id, public)
	must(t, err)
	k, err := GenerateSealKey()
	must(t, err)
	return party{id, s, v, k}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func helloFrom(id string) Envelope {
	return Envelope{V: Version, Kind: Hello, ID: NewID(), From: id, To: Central, Body: []byte(`{"head":1}`)}
}
