package simcard

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/reader/gids"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/piv"
)

// People write into state files: a card is refused, or answers as a card does.
func FuzzState(f *testing.F) {
	for _, profile := range []string{piv.Profile, gids.Profile, openpgp.Profile} {
		f.Add(stateFile(f, Config{Profiles: []string{profile}}))
	}
	f.Add([]byte(`{"version":1,"kind":"working","pin":{"value":"123456","left":3,"max":3}}`))
	f.Add([]byte(`{"version":2,"profiles":["piv"],"memory":{"piv":{"pin":{"value":"123456","left":-1,"max":-1},"key":"AA=="}}}`))
	commands := []string{
		"\x00\xA4\x04\x00\x05\xA0\x00\x00\x03\x08\x00",
		"\x00\xCB\x3F\xFF\x05\x5C\x03\x5F\xC1\x02\x00",
		"\x00\x87\x11\x9E\x08\x7C\x06\x82\x00\x81\x02hi\x00",
		"\x00\x20\x00\x80",
		"\x00\x20\x00\x80\x08123456\xFF\xFF",
		"\x00\xA4\x04\x00\x09\xA0\x00\x00\x03\x97\x42\x54\x46\x59\x00",
		"\x00\xCB\xA0\x00\x04\x5C\x02\xDF\x1F\x00",
		"\x00\xCB\x3F\xFF\x04\x5C\x02\x7F\x71\x00",
		"\x00\xA4\x04\x00\x06\xD2\x76\x00\x01\x24\x01\x00",
		"\x00\xCA\x00\x6E\x00",
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := &Card{count: map[byte]int{}}
		if c.restore(raw) != nil {
			return
		}
		c.state.Quirks.Delay = 0 // which may be a year
		for _, command := range commands {
			answer, err := c.Answer(t.Context(), []byte(command))
			if err != nil || len(answer) < 2 {
				t.Fatalf("% X: % X, %v", command, answer, err)
			}
			if first := answer[len(answer)-2] >> 4; first != 6 && first != 9 {
				t.Errorf("% X: % X is no status word", command, answer)
			}
		}
		c.Verify("123456")
		c.Status()
		c.ATR()
	})
}

func stateFile(t testing.TB, cfg Config) []byte {
	t.Helper()
	card, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "card.json")
	if err := card.Keep(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Whatever is read as an authority is whole, and is read again as the same.
func FuzzParseAuthority(f *testing.F) {
	a, err := NewAuthority("Test card authority", time.Now())
	if err != nil {
		f.Fatal(err)
	}
	text, err := a.PEM()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(a.CertificatePEM())
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := ParseAuthority(text)
		if err != nil {
			return
		}
		written, err := a.PEM()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseAuthority(written)
		if err != nil || !bytes.Equal(again.CertificatePEM(), a.CertificatePEM()) {
			t.Errorf("%q was read as %q, %v", text, written, err)
		}
		a.Pool()
	})
}
