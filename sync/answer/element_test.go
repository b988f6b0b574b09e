package answer

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/cloudflare/circl/group"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	must(t, err)
	return b
}

func oneKey(t testing.TB) []Key {
	t.Helper()
	k, err := QuestionKey(bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{9}, 16), "card 7", "r1", 1)
	must(t, err)
	return []Key{k}
}

func oneElement(t testing.TB) []byte {
	t.Helper()
	b, err := Blind(texts("aberystwyth"))
	must(t, err)
	return b.Elements()[0]
}

// TestBadElements takes its list from RFC 9496, A.3, and adds lengths, the
// identity and the generator of the order above.
func TestBadElements(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":                     "",
		"identity":                    "0000000000000000000000000000000000000000000000000000000000000000",
		"short":                       "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d",
		"long":                        "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7600",
		"non-canonical: not reduced":  "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"non-canonical: above p":      "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"non-canonical: p, the zero":  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"negative":                    "0100000000000000000000000000000000000000000000000000000000000000",
		"negative, again":             "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"no square":                   "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
		"negative product":            "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
		"s is -1":                     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"an element with its top bit": "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2df6",
	} {
		if _, err := Evaluate(oneKey(t), [][]byte{unhex(t, raw)}); err == nil {
			t.Errorf("%s is evaluated", name)
		}
	}
	generator := "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
	if _, err := Evaluate(oneKey(t), [][]byte{unhex(t, generator)}); err != nil {
		t.Errorf("the generator is an element: %v", err)
	}
}

func TestExactlyOneElementForEachQuestion(t *testing.T) {
	keys, e := oneKey(t), oneElement(t)
	for name, c := range map[string]struct {
		keys     []Key
		elements [][]byte
	}{
		"none of either": {nil, nil},
		"no element":     {keys, nil},
		"two elements":   {keys, [][]byte{e, e}},
		"no key":         {nil, [][]byte{e}},
		"an empty key":   {[]Key{{}}, [][]byte{e}},
	} {
		if _, err := Evaluate(c.keys, c.elements); err == nil {
			t.Errorf("%s: evaluated", name)
		}
	}
}

// FuzzElement: whatever is taken for an element is canonical, is not the
// identity and survives evaluation.
func FuzzElement(f *testing.F) {
	f.Add(oneElement(f))
	f.Add(make([]byte, 32))
	f.Add(bytes.Repeat([]byte{0xff}, 32))
	keys := oneKey(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := parseElement(raw)
		if err != nil {
			return
		}
		back, err := e.MarshalBinary()
		must(t, err)
		if !bytes.Equal(back, raw) || e.IsEqual(group.Ristretto255.Identity()) {
			t.Fatalf("%x was taken", raw)
		}
		if _, err := Evaluate(keys, [][]byte{raw}); err != nil {
			t.Fatalf("%x cannot be evaluated: %v", raw, err)
		}
	})
}
