package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"testing"
)

// Terminals and central are updated on different days, and journals keep old
// notes: what was signed and sealed once must open for ever. If a test here
// fails, the format has changed, and the vector must not.

const (
	vectorSignKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c" // of the seed 01 01 ... 01
	vectorNote    = `{"v":1,"kind":"hello","id":"01j0000000000000000000000a","from":"wall-1","to":"central","body":{"head":1}}` +
		"\n\n— unlockpoint/wall-1 GQlIrEwjqkyZh1qGUAjXbKrGsN96VrcdPXLOqE8/3r6ffrYvEVT3aiwxHrvmBh/VIDWmxsT6MMWL2vT//MefUtYmQwY=\n"

	vectorSealKid = "cfa570c653bd212b" // of the private key 02 02 ... 02
	vectorSealed  = "3d65f72ea8ac577b37f75be1517b80700c8b14607da6de17646ae64e79f2d778" +
		"798e4dac38aa4d29338aad5bcbc9359d85f99691682781eb12142470c45535bc6e"
)

func TestANoteSignedOnceOpensForEver(t *testing.T) {
	v, err := NewVerifier("wall-1", unhex(t, vectorSignKey))
	must(t, err)
	e, err := v.Open([]byte(vectorNote), Central)
	must(t, err)
	if e.V != 1 || e.Kind != "hello" || e.ID != "01j0000000000000000000000a" || string(e.Body) != `{"head":1}` {
		t.Errorf("opened %+v", e)
	}
	// A retry after an update sends the same bytes.
	s, err := NewSigner("wall-1", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	must(t, err)
	raw, err := s.Sign(e)
	must(t, err)
	if string(raw) != vectorNote {
		t.Errorf("signed as %q", raw)
	}
}

func TestABodySealedOnceOpensForEver(t *testing.T) {
	key, err := ParseSealKey(bytes.Repeat([]byte{2}, 32))
	must(t, err)
	e := Envelope{Kind: "card.look", ID: "01j0000000000000000000000b", From: "wall-1", To: "central"}
	plain, err := key.Unseal("trust.example", e, Sealed{Kid: vectorSealKid, Data: unhex(t, vectorSealed)})
	must(t, err)
	if string(plain) != `{"card":"piv:00"}` {
		t.Errorf("unsealed %q", plain)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	must(t, err)
	return b
}
