package grant

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func kind(t *testing.T, profile string) Kind {
	t.Helper()
	k, ok := KindOf(profile + ":01")
	if !ok || k.Profile != profile {
		t.Fatalf("%s: %+v, %v", profile, k, ok)
	}
	return k
}

func TestKeysAreReadInTheirOwnForm(t *testing.T) {
	for _, c := range []struct {
		profile, text string
		good          bool
	}{
		{"piv", "123456", true}, {"piv", "12345678", true}, {"piv", "Ab!4567x", true},
		{"piv", "12345", false}, {"piv", "123456789", false}, {"piv", "abc4567", false},
		{"gids", strings.Repeat("aB", 24), true}, {"gids", strings.Repeat("ab", 23), false}, {"gids", strings.Repeat("xy", 24), false},
		{"openpgp", "12345678", true}, {"openpgp", "1234567", false}, {"openpgp", strings.Repeat("1", 33), false},
		{"isoapplet", "0123456789abcdef", true}, {"isoapplet", "0123456789abcde", false},
		{"authentic", "1234", true}, {"authentic", "123", false}, {"authentic", "pass word", false},
	} {
		if _, ok := kind(t, c.profile).Read(c.text); ok != c.good {
			t.Errorf("%s, %q: %v", c.profile, c.text, ok)
		}
	}
	if key, _ := kind(t, "gids").Read("00FF" + strings.Repeat("10", 22)); !bytes.HasPrefix(key, []byte{0, 0xFF, 0x10}) {
		t.Errorf("hex is read as % X", key)
	}
}

// Derived keys never change, as cards in the field carry them: each is of its
// kind's form, belongs to one card and one generation, and is no factory key.
func TestDerivedKeysAreFixed(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	for profile, want := range map[string]string{
		"piv":       "59464588",
		"gids":      "8933dca82eb81822cbbe19659bb5ca8dc7e6c3770b48369f",
		"openpgp":   "035891932779",
		"isoapplet": "1357268980791921",
		"authentic": "38055225",
	} {
		k := kind(t, profile)
		first := k.derive(key, profile+":01", 0)
		got := string(first)
		if k.binary {
			got = hex.EncodeToString(first)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", profile, got, want)
		}
		if _, ok := k.Read(got); !ok || k.Factory(first) {
			t.Errorf("%s: %s is no key of this kind", profile, got)
		}
		if bytes.Equal(first, k.derive(key, profile+":01", 1)) || bytes.Equal(first, k.derive(key, profile+":02", 0)) {
			t.Errorf("%s: keys repeat", profile)
		}
	}
}

func TestACardThatKeepsItsKeyIsOfferedNoOther(t *testing.T) {
	for _, profile := range Profiles() {
		k := kind(t, profile)
		if s := New(Generation{Key: 1}).Offer(k, 1); (s.Next != nil) != k.Rotates {
			t.Errorf("%s: %+v", profile, s.Next)
		}
	}
}
