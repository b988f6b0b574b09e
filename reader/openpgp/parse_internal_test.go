package openpgp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// The example of the specification, 4.3.2.
func TestADigestIsTheSpecifications(t *testing.T) {
	for secret, c := range map[string]struct{ salt, want string }{
		"123456":   {"01234567", "773784a602b6c81e3f092f4d7d00e17cc822d88f7360fcf2d2ef2d9d901f44b6"},
		"12345678": {"ABCDEFGH", "2675d6164a0d4827d1d00c7eea620d015c00030a1cab38b4d0dd600b27dc9630"},
	} {
		if got := stretch(sha256.New(), []byte(c.salt), []byte(secret), 100_000); hex.EncodeToString(got) != c.want {
			t.Errorf("%s: %x", secret, got)
		}
	}
}

// Whatever the count, so many bytes are hashed, and salt and secret at least
// once (RFC 4880, 3.7.1.3).
func TestADigestIsOfSoManyBytes(t *testing.T) {
	endless := bytes.Repeat([]byte("01234567123456"), 200)
	for _, count := range []int{0, 3, 14, 15, 27, 28, 14*64 - 1, 14 * 64, 14*64 + 1, 2000} {
		want := sha256.Sum256(endless[:max(count, 14)])
		if got := stretch(sha256.New(), []byte("01234567"), []byte("123456"), count); !bytes.Equal(got, want[:]) {
			t.Errorf("%d bytes: %x, want %x", count, got, want)
		}
	}
}

// object is F9 with one thing changed.
func object(change map[uint32][]byte) []byte {
	parts := map[uint32][]byte{
		0x81: {kdfS2K}, 0x82: {sha2512}, 0x83: {0, 0, 1, 0}, 0x84: []byte("saltsalt"), 0x86: []byte("SALTSALT"),
	}
	for tag, value := range change {
		parts[tag] = value
	}
	var b []byte
	for _, tag := range []uint32{0x81, 0x82, 0x83, 0x84, 0x86} {
		if parts[tag] != nil {
			b = iso7816.AppendObject(b, tag, parts[tag])
		}
	}
	return b
}

func TestHowACardWantsPasscodes(t *testing.T) {
	k, err := parseKDF(object(nil))
	if err != nil || k.count != 256 || string(k.saltPW1) != "saltsalt" || string(k.saltAdmin) != "SALTSALT" || len(k.of(k.saltPW1, []byte("123456"))) != 64 {
		t.Errorf("%+v, %v", k, err)
	}
	wrapped := iso7816.AppendObject(nil, objectKDF, object(map[uint32][]byte{0x86: nil}))
	if k, err := parseKDF(wrapped); err != nil || string(k.saltAdmin) != "saltsalt" {
		t.Errorf("one salt for all: %+v, %v", k, err)
	}
	if k, err := parseKDF(object(map[uint32][]byte{0x81: {kdfNone}})); err != nil || string(k.of(nil, []byte("123456"))) != "123456" {
		t.Errorf("none: %+v, %v", k, err)
	}
	for name, change := range map[string]map[uint32][]byte{
		"another algorithm": {0x81: {7}}, "no algorithm": {0x81: nil}, "another hash": {0x82: {1}}, "no hash": {0x82: nil},
		"an algorithm of two bytes": {0x81: {3, 3}}, "a hash of two bytes": {0x82: {8, 8}},
		"no count": {0x83: nil}, "an empty salt of the admin PIN": {0x86: {}}, "a long salt": {0x84: []byte("saltsalt1")},
		"a short count": {0x83: {1}}, "an endless count": {0x83: {0xFF, 0xFF, 0xFF, 0xFF}}, "a short salt": {0x84: []byte("salt")}, "no salt": {0x84: nil},
	} {
		if k, err := parseKDF(object(change)); err == nil {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

// application is 6E with one thing in it changed: name, capabilities or word.
func application(name, capabilities, word []byte) []byte {
	inner := iso7816.AppendObject(nil, 0xC0, capabilities)
	inner = iso7816.AppendObject(inner, 0xC4, word)
	return iso7816.AppendObject(iso7816.AppendObject(nil, 0x4F, name), 0x73, inner)
}

var (
	someName = []byte{0xD2, 0x76, 0, 1, 0x24, 1, 3, 4, 0, 6, 1, 2, 3, 4, 0, 0}
	someWord = []byte{0, 127, 64, 32, 3, 0, 2}
)

func TestWhatACardSaysOfItself(t *testing.T) {
	plain := application(someName, []byte{0x7D, 0}, someWord)
	for name, data := range map[string][]byte{"plain": plain, "with its tag": iso7816.AppendObject(nil, 0x6E, plain)} {
		a, err := parseAbout(data)
		if want := (status{tries: 3, adminTries: 2, most: 127, mostAdmin: 32}); err != nil || a.id != "openpgp:000601020304" || a.status != want || !a.hashes {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if a, err := parseAbout(application(someName, nil, someWord)); err != nil || a.hashes {
		t.Errorf("without capabilities: %+v, %v", a, err)
	}
	if a, err := parseAbout(application(someName, []byte{0x7C, 1}, someWord)); err != nil || a.hashes {
		t.Errorf("without KDF: %+v, %v", a, err)
	}
}

func TestCardsThatAreNoneOfOurs(t *testing.T) {
	with := func(b []byte, at int, values ...byte) []byte {
		b = bytes.Clone(b)
		copy(b[at:], values)
		return b
	}
	for what, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                     {nil, iso7816.ErrMalformed},
		"no objects":                  {[]byte{0x6E}, iso7816.ErrMalformed},
		"no name":                     {application(nil, nil, someWord), iso7816.ErrMalformed},
		"a short name":                {application(someName[:15], nil, someWord), iso7816.ErrMalformed},
		"another application":         {application(with(someName, 5, 2), nil, someWord), iso7816.ErrMalformed},
		"no number":                   {application(with(someName, 10, 0, 0, 0, 0), nil, someWord), iso7816.ErrMalformed},
		"the first version":           {application(with(someName, 6, 1, 1), nil, someWord), reader.ErrUnsupported},
		"no counters":                 {application(someName, nil, nil), iso7816.ErrMalformed},
		"too many counters":           {application(someName, nil, append(someWord, 1)), iso7816.ErrMalformed},
		"passcodes in blocks":         {application(someName, nil, with(someWord, 1, 0x88)), reader.ErrUnsupported},
		"an admin PIN in a block":     {application(someName, nil, with(someWord, 3, 0x88)), reader.ErrUnsupported},
		"no room for a passcode":      {application(someName, nil, with(someWord, 1, 5)), iso7816.ErrMalformed},
		"no room for an admin PIN":    {application(someName, nil, with(someWord, 3, 7)), iso7816.ErrMalformed},
		"data that end in the middle": {application(someName, nil, someWord)[:30], iso7816.ErrMalformed},
	} {
		if a, err := parseAbout(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", what, a, err)
		}
	}
}

func FuzzParseAbout(f *testing.F) {
	f.Add(application(someName, []byte{1}, someWord))
	f.Add(iso7816.AppendObject(nil, 0x6E, application(someName, nil, someWord)))
	f.Add([]byte{0x6E, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := parseAbout(data)
		if s := a.status; err == nil && (len(a.id) != len("openpgp:")+12 || s.most < shortest || s.most > longest || s.mostAdmin < shortestAdmin || s.mostAdmin > longest) {
			t.Errorf("%+v", a)
		}
	})
}

func FuzzParseKDF(f *testing.F) {
	f.Add(object(nil))
	f.Add(iso7816.AppendObject(nil, objectKDF, object(map[uint32][]byte{0x86: nil})))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := parseKDF(data)
		if err == nil && k.hash != nil && (len(k.saltPW1) != 8 || len(k.saltAdmin) != 8 || k.count < 0 || k.count > maxCount) {
			t.Errorf("%+v", k)
		}
		if err != nil && k.hash != nil {
			t.Errorf("%+v with %v", k, err)
		}
	})
}

func FuzzParseDates(f *testing.F) {
	f.Add([]byte("\x7F\x21\x82\x01\x00\x30\x82\x01\x00"))
	f.Add([]byte("\x30\x82\x03\x00\x30\x82\x02\x00\xA0\x03\x02\x01\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if notBefore, notAfter, err := parseDates(b); err != nil && !(notBefore.IsZero() && notAfter.IsZero()) {
			t.Errorf("%v, and %v to %v", err, notBefore, notAfter)
		}
	})
}
