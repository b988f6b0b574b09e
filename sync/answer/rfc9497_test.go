package answer

import (
	"bytes"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// TestRFC9497 goes through appendix A.1.1 (ristretto255-SHA512, OPRF mode)
// with our own two halves.
func TestRFC9497(t *testing.T) {
	private, err := oprf.DeriveKey(oprf.SuiteRistretto255, oprf.BaseMode, bytes.Repeat([]byte{0xa3}, 32), []byte("test key"))
	must(t, err)
	sk, err := private.MarshalBinary()
	must(t, err)
	if want := unhex(t, "5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e"); !bytes.Equal(sk, want) {
		t.Fatalf("skSm is %x", sk)
	}
	for _, v := range []struct{ input, blinded, evaluated, output string }{
		{"00", "609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
			"7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
			"527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6"},
		{"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", "da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
			"b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
			"f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73"},
	} {
		blind := group.Ristretto255.NewScalar()
		must(t, blind.UnmarshalBinary(unhex(t, "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")))
		b := &blinding{inputs: [][]byte{unhex(t, v.input)}, blinds: []group.Scalar{blind}}
		must(t, b.blind())
		if !bytes.Equal(b.elements[0], unhex(t, v.blinded)) {
			t.Errorf("%s blinded is %x", v.input, b.elements[0])
		}
		evaluated, err := Evaluate([]Key{{private}}, b.elements)
		must(t, err)
		if !bytes.Equal(evaluated[0], unhex(t, v.evaluated)) {
			t.Errorf("%s evaluated is %x", v.input, evaluated[0])
		}
		out, err := b.outputs(evaluated)
		must(t, err)
		if !bytes.Equal(out[0], unhex(t, v.output)) {
			t.Errorf("%s finalised is %x", v.input, out[0])
		}
	}
}
