package desk

import (
	"net/mail"
	"strings"
	"testing"

	"unlockpoint/sync/wire"
)

func TestAddresses(t *testing.T) {
	domains := wire.DefaultPolicy().Domains
	for address, want := range map[string]bool{
		"amina.okafor@nhs.net":               true,
		"o'brien+ward@trust.nhs.uk":          true,
		"a@NHS.net":                          true,
		"a@a.b.c.gov.uk":                     true,
		"":                                   false,
		"amina":                              false,
		"@nhs.net":                           false,
		"a@":                                 false,
		"a@evilnhs.net":                      false,
		"a@nhs.net.evil.com":                 false,
		"a@b@nhs.net":                        false,
		".a@nhs.net":                         false,
		"a.@nhs.net":                         false,
		"a..b@nhs.net":                       false,
		"a b@nhs.net":                        false,
		`"a"@nhs.net`:                        false,
		`"x@nhs.net" <evil@evil.com>`:        false,
		"Amina <a@nhs.net>":                  false,
		"a@nhs.net\n":                        false,
		"a@nhs.net, b@nhs.net":               false,
		"a@-x.nhs.net":                       false,
		"a@x-.nhs.net":                       false,
		"a@..nhs.net":                        false,
		"a@nhs.net.":                         false,
		"á@nhs.net":                          false,
		"a@ñhs.net":                          false,
		strings.Repeat("a", 64) + "@nhs.net": true,
		strings.Repeat("a", 65) + "@nhs.net": false,
		"a@" + strings.Repeat("b", 64) + ".nhs.net":  false,
		"a@" + strings.Repeat("b.", 125) + "nhs.net": false,
	} {
		if got := ValidAddress(address, domains); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestMask(t *testing.T) {
	for address, want := range map[string]string{
		"amina.okafor@nhs.net": "a•••@nhs.net",
		"a@nhs.net":            "a•••@nhs.net",
		"":                     "",
		"@nhs.net":             "",
	} {
		if got := Mask(address); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}

// Whatever passes means one mailbox to the standard library as well: the very
// text that passed.
func FuzzValidAddress(f *testing.F) {
	f.Add("amina.okafor@nhs.net")
	f.Add(`"x@nhs.net" <evil@evil.com>`)
	f.Add("a@nhs.net\r\nBcc: b@evil.com")
	f.Fuzz(func(t *testing.T, address string) {
		if !ValidAddress(address, []string{"nhs.net"}) {
			return
		}
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address || parsed.Name != "" {
			t.Errorf("%q passed and is read as %v, %v", address, parsed, err)
		}
	})
}
