package wire_test

import (
	"errors"
	"net/mail"
	"strings"
	"testing"

	"unlockpoint/sync/wire"
)

var domains = []string{"nhs.net", "nhs.uk", "gov.uk", "mod.uk"}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		typed, want string
		err         error
	}{
		{"a.jones@nhs.net", "a.jones@nhs.net", nil},
		{"A.Jones@Wales.NHS.uk", "A.Jones@wales.nhs.uk", nil},
		{"o'neil+work@a.b.gov.uk", "o'neil+work@a.b.gov.uk", nil},
		{"a@a.b.c.gov.uk", "a@a.b.c.gov.uk", nil},
		{strings.Repeat("a", 64) + "@nhs.net", strings.Repeat("a", 64) + "@nhs.net", nil},
		{"a@nhs.net.evil.com", "", wire.ErrAddressDomain},
		{"a@evilnhs.net", "", wire.ErrAddressDomain},
		{"a@gmail.com", "", wire.ErrAddressDomain},
		{"", "", wire.ErrAddressForm},
		{"nhs.net", "", wire.ErrAddressForm},
		{"@nhs.net", "", wire.ErrAddressForm},
		{"a@", "", wire.ErrAddressForm},
		{"a@net", "", wire.ErrAddressForm},
		{"a@b@nhs.net", "", wire.ErrAddressForm},
		{".a@nhs.net", "", wire.ErrAddressForm},
		{"a..b@nhs.net", "", wire.ErrAddressForm},
		{"a b@nhs.net", "", wire.ErrAddressForm},
		{"ä@nhs.net", "", wire.ErrAddressForm},
		{"amina", "", wire.ErrAddressForm},
		{"a.@nhs.net", "", wire.ErrAddressForm},
		{"a@ñhs.net", "", wire.ErrAddressForm},
		{`"a"@nhs.net`, "", wire.ErrAddressForm},
		{"Amina <a@nhs.net>", "", wire.ErrAddressForm},
		{"a@nhs.net, b@nhs.net", "", wire.ErrAddressForm},
		{"a@nhs.net\n", "", wire.ErrAddressForm},
		{"a@nhs.net.", "", wire.ErrAddressForm},
		{"a@..nhs.net", "", wire.ErrAddressForm},
		{"a@x-.nhs.net", "", wire.ErrAddressForm},
		{"a@" + strings.Repeat("b", 64) + ".nhs.net", "", wire.ErrAddressForm},
		{"a@-x.nhs.net", "", wire.ErrAddressForm},
		{"a@[192.0.2.1]", "", wire.ErrAddressForm},
		{`"x@nhs.net" <evil@evil.com>`, "", wire.ErrAddressForm},
		{"a@nhs.net\r\nBcc: b@evil.com", "", wire.ErrAddressForm},
		{strings.Repeat("a", 65) + "@nhs.net", "", wire.ErrAddressForm},
		{"a@" + strings.Repeat("b.", 130) + "nhs.net", "", wire.ErrAddressForm},
	} {
		got, err := wire.ParseAddress(c.typed, domains)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("ParseAddress(%q) = %q, %v; want %q, %v", c.typed, got, err, c.want, c.err)
		}
	}
}

// Whatever passes means one mailbox to the standard library as well.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a.jones@nhs.net", "A@x.GOV.uk", `"x@nhs.net" <evil@evil.com>`, "a@nhs.net\n", "@", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := wire.ParseAddress(s, domains)
		if err != nil {
			if got != "" {
				t.Fatalf("%q was refused and still gave %q", s, got)
			}
			return
		}
		again, err := wire.ParseAddress(got, domains)
		if err != nil || again != got {
			t.Fatalf("%q gave %q, which gave %q, %v", s, got, again, err)
		}
		if read, err := mail.ParseAddress(got); err != nil || read.Address != got || read.Name != "" {
			t.Fatalf("%q gave %q, which is read as %v, %v", s, got, read, err)
		}
		if strings.ContainsAny(got, " \t\r\n<>\"(),:;[]\\") || strings.Count(got, "@") != 1 {
			t.Fatalf("%q gave %q", s, got)
		}
	})
}
