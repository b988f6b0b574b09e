package wire

import (
	"bytes"
	"testing"
)

const realm = "trust.example"

func TestASealedBodyOpensInItsOwnNoteOnly(t *testing.T) {
	key := newParty(t, Central).seal
	e := helloFrom("wall-1")
	e.Kind = CardLook
	sealed, err := Seal(key.Public(), realm, e, []byte("card 7"))
	must(t, err)
	same, err := ParseSealKey(key.Bytes())
	must(t, err)
	plain, err := same.Unseal(realm, e, *sealed)
	must(t, err)
	if string(plain) != "card 7" {
		t.Errorf("unsealed %q", plain)
	}
	for name, change := range map[string]func(*Envelope){
		"kind": func(e *Envelope) { e.Kind = CodeCheck },
		"id":   func(e *Envelope) { e.ID = NewID() },
		"from": func(e *Envelope) { e.From = "wall-2" },
		"to":   func(e *Envelope) { e.To = "wall-2" },
	} {
		o := e
		change(&o)
		if _, err := key.Unseal(realm, o, *sealed); err == nil {
			t.Errorf("opened under another %s", name)
		}
	}
	if _, err := key.Unseal("other.example", e, *sealed); err == nil {
		t.Error("opened in another realm")
	}
}

func TestASealedBodyOpensForItsKeyOnly(t *testing.T) {
	key, other := newParty(t, Central).seal, newParty(t, "wall-2").seal
	e := helloFrom("wall-1")
	sealed, err := Seal(key.Public(), realm, e, []byte("card 7"))
	must(t, err)
	if _, err := other.Unseal(realm, e, *sealed); err == nil {
		t.Error("opened by another key")
	}
	renamed := *sealed
	renamed.Kid = other.Kid()
	if _, err := other.Unseal(realm, e, renamed); err == nil {
		t.Error("opened by another key under its name")
	}
	for i := range sealed.Data {
		bent := Sealed{Kid: sealed.Kid, Data: bytes.Clone(sealed.Data)}
		bent.Data[i] ^= 0x40 // not 0x80: X25519 ignores the top bit, the context does not
		if _, err := key.Unseal(realm, e, bent); err == nil {
			t.Errorf("opened with byte %d bent", i)
		}
	}
	if _, err := (SealKey{}).Unseal(realm, e, *sealed); err == nil {
		t.Error("opened without a key")
	}
	for _, public := range [][]byte{nil, make([]byte, 31), make([]byte, 32)} {
		if _, err := Seal(public, realm, e, nil); err == nil {
			t.Errorf("sealed to %d bytes of no key", len(public))
		}
	}
}

// TestSwappedBodies is a broker that puts the sealed body of one signed note
// into another: without the sender's key the note does not open, and even a
// sender cannot pass somebody else's body off as its own.
func TestSwappedBodies(t *testing.T) {
	central, wall, thief := newParty(t, Central), newParty(t, "wall-1"), newParty(t, "wall-2")
	e := helloFrom("wall-1")
	e.Kind, e.Body = CodeCheck, nil
	var err error
	e.Sealed, err = Seal(central.seal.Public(), realm, e, []byte(`{"case":"c","code":"123456"}`))
	must(t, err)
	_, err = wall.signer.Sign(e)
	must(t, err)

	stolen := e
	stolen.From = "wall-2"
	raw, err := thief.signer.Sign(stolen)
	must(t, err)
	heard, err := thief.verifier.Open(raw, Central)
	must(t, err)
	if _, err := central.seal.Unseal(realm, heard, *heard.Sealed); err == nil {
		t.Error("a stolen body opened in the thief's note")
	}
}

func TestRepliesTravelSealedButForThreeRefusals(t *testing.T) {
	reply := Envelope{V: Version, Kind: CardLook.Reply(), ID: NewID(), Re: NewID(), From: Central, To: "wall-1"}
	for body, want := range map[string]bool{
		`{"refused":"new-session"}`:               true,
		`{"refused":"other-body"}`:                true,
		`{"refused":"bad-request"}`:               true,
		`{"refused":"locked"}`:                    false,
		`{"standing":"registered"}`:               false,
		`{"refused":"new-session","case":"1234"}`: false,
	} {
		reply.Body = []byte(body)
		if got := reply.Check() == nil; got != want {
			t.Errorf("%s in the open: %v", body, got)
		}
	}
}
