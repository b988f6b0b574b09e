package wire

import "testing"

func BenchmarkSign(b *testing.B) {
	wall, e := newParty(b, "wall-1"), helloFrom("wall-1")
	for b.Loop() {
		if _, err := wall.signer.Sign(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	wall := newParty(b, "wall-1")
	raw, err := wall.signer.Sign(helloFrom("wall-1"))
	must(b, err)
	for b.Loop() {
		if _, err := wall.verifier.Open(raw, Central); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	public, e := newParty(b, Central).seal.Public(), helloFrom("wall-1")
	for b.Loop() {
		if _, err := Seal(public, realm, e, make([]byte, 200)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnseal(b *testing.B) {
	key, e := newParty(b, Central).seal, helloFrom("wall-1")
	s, err := Seal(key.Public(), realm, e, make([]byte, 200))
	must(b, err)
	for b.Loop() {
		if _, err := key.Unseal(realm, e, *s); err != nil {
			b.Fatal(err)
		}
	}
}
