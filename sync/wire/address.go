package wire

import (
	"errors"
	"strings"
)

// What can be wrong with a mail address. None quotes it.
var (
	ErrAddressForm   = errors.New("not a mail address")
	ErrAddressDomain = errors.New("not in an accepted domain")
)

const (
	maxAddress = 254 // bytes: RFC 5321, 4.5.3.1.3, less the angle brackets
	maxLocal   = 64  // RFC 5321, 4.5.3.1.1
	maxHost    = 253 // RFC 1035, 2.3.4, less the root's dot
	maxLabel   = 63  // RFC 1035, 2.3.4
)

// ParseAddress checks a mail address as people here have one: an ASCII
// dot-atom (RFC 5322, 3.2.3), "@" and a host name in one of the domains or
// below it. It returns the address with its host in lower case: the value
// that passed is the value to use. Quoted parts, comments, display names and
// address literals are refused, since mail programs read them differently.
func ParseAddress(s string, domains []string) (string, error) {
	local, host, found := strings.Cut(s, "@")
	host = strings.ToLower(host)
	if !found || len(s) > maxAddress || !dotAtom(local) || !hostName(host) {
		return "", ErrAddressForm
	}
	for _, d := range domains {
		d = strings.ToLower(d)
		if d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			return local + "@" + host, nil
		}
	}
	return "", ErrAddressDomain
}

func dotAtom(s string) bool {
	return len(s) <= maxLocal && everyPart(s, func(part string) bool {
		return part != "" && strings.Trim(part, atext) == ""
	})
}

// atext is RFC 5322, 3.2.3.
const atext = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"

func hostName(s string) bool {
	return len(s) <= maxHost && strings.Contains(s, ".") && everyPart(s, func(label string) bool {
		return label != "" && len(label) <= maxLabel && label[0] != '-' && label[len(label)-1] != '-' &&
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	})
}

func everyPart(s string, ok func(string) bool) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !ok(part) {
			return false
		}
	}
	return true
}
