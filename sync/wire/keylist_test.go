package wire

import (
	"bytes"
	"crypto/ed25519"
	"testing"
)

func aKeyList(t testing.TB) (KeyList, ed25519.PrivateKey) {
	t.Helper()
	root := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	own := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32)).Public().(ed25519.PublicKey)
	return KeyList{V: 1, Version: 3, Realm: "trust.example",
		Central: PinnedCentral{ID: Central, NoteKey: own, SealKey: bytes.Repeat([]byte{3}, 32)}}, root
}

func TestAKeyListIsBelievedFromTheRootOnly(t *testing.T) {
	list, root := aKeyList(t)
	raw, err := list.Sign(root)
	if err != nil {
		t.Fatal(err)
	}
	public := root.Public().(ed25519.PublicKey)
	got, err := OpenKeyList(raw, public)
	if err != nil || got.Version != 3 || !got.Central.Equal(list.Central) {
		t.Fatal(got, err)
	}
	if peeked, err := PeekRoot(raw); err != nil || !bytes.Equal(peeked, public) {
		t.Fatal(err)
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	forged, err := list.Sign(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"another root":   forged,
		"a changed text": bytes.Replace(raw, []byte(`"version":3`), []byte(`"version":4`), 1),
		"no signature":   raw[:bytes.Index(raw, []byte("\n\n"))+2],
		"a second one":   append(bytes.Clone(raw), "— unlockpoint/root AAAA\n"...),
		"nothing":        nil,
		"an operator's":  []byte("{}\n\n"),
	} {
		if _, err := OpenKeyList(raw, public); err == nil {
			t.Errorf("%s is believed", name)
		}
	}
	list.Central.SealKey = nil
	if _, err := list.Sign(root); err == nil {
		t.Error("a list without a sealing key was signed")
	}
}

func FuzzOpenKeyList(f *testing.F) {
	list, root := aKeyList(f)
	good, err := list.Sign(root)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n\n— unlockpoint/root AAAA\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := OpenKeyList(raw, root.Public().(ed25519.PublicKey)); err == nil && !bytes.Equal(Text(raw), Text(good)) {
			t.Errorf("believed: %q", raw)
		}
	})
}
