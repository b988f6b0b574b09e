package answer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"unlockpoint/sync/wire"
)

func count(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// TestTextsNeverChange holds the texts against digests that were computed by
// another program from the words of their comments.
func TestTextsNeverChange(t *testing.T) {
	proof := ProofText(ProofOf{Attempt: "att", Case: "cas", Card: "card 7", Registration: "reg",
		Question: 12, Terminal: "wall-1", SealTo: count(32)})
	form := wire.KeyForm{Question: 12, Normaliser: 1, OPRF: 3, Argon: wire.DefaultArgon()}
	proofSum, enrolSum := sha256.Sum256(proof), sha256.Sum256(EnrolText("reg", "card 7", form, count(32)))
	for name, c := range map[string]struct {
		got  [32]byte
		want string
	}{
		"proof":             {proofSum, "63a79b1827fb2d347437633b8f6e8dde44a12103dcc4fcdbb06201630eaba73c"},
		"enrol":             {enrolSum, "aef9ab72fba7153ac94940341057aa25f1bcbffd5cb45281bba8e72389b7279a"},
		"card":              {CardDigest(count(16), "card 7", "cas", count(32)), "1c6213c39fb115e83ebefae8547686179f5828154d5433b87f381d8611a383b9"},
		"card without case": {CardDigest(count(16), "card 7", "", count(32)), "b64e9dff1a91ab7fb7e1ffff46f8fe6c29cc13bc2cb27705a43287db92316098"},
	} {
		if got := hex.EncodeToString(c.got[:]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCodesNeverChange(t *testing.T) {
	key := bytes.Repeat([]byte{5}, 32)
	for id, want := range map[string]string{"cas0": "715887", "cas275": "000090"} {
		if got := Code(key, wire.ForUnlock, id, "card 7", "reg", "a.b@nhs.net"); got != want {
			t.Errorf("the code of %s is %s, want %s", id, got, want)
		}
	}
}

func TestEverythingIsInTheCode(t *testing.T) {
	key := bytes.Repeat([]byte{5}, 32)
	base := Code(key, wire.ForUnlock, "cas0", "card 7", "reg", "a@nhs.net")
	for name, other := range map[string]string{
		"key":          Code(bytes.Repeat([]byte{6}, 32), wire.ForUnlock, "cas0", "card 7", "reg", "a@nhs.net"),
		"purpose":      Code(key, wire.ForRegister, "cas0", "card 7", "reg", "a@nhs.net"),
		"case":         Code(key, wire.ForUnlock, "cas1", "card 7", "reg", "a@nhs.net"),
		"card":         Code(key, wire.ForUnlock, "cas0", "card 8", "reg", "a@nhs.net"),
		"registration": Code(key, wire.ForUnlock, "cas0", "card 7", "ref", "a@nhs.net"),
		"address":      Code(key, wire.ForUnlock, "cas0", "card 7", "reg", "b@nhs.net"),
	} {
		if other == base {
			t.Errorf("the %s is not in the code", name)
		}
	}
}

func TestNoPartLendsBytesToTheNext(t *testing.T) {
	parts := rapid.SliceOfN(rapid.StringMatching(`[a\x00]{0,4}`), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		same := len(a) == len(b)
		for i := range min(len(a), len(b)) {
			same = same && a[i] == b[i]
		}
		if bytes.Equal(joined(a...), joined(b...)) != same {
			t.Fatalf("%q and %q give one text", a, b)
		}
	})
}
