package desk

import (
	"strings"
)

// maxAddress is the longest address, RFC 5321, 4.5.3.1.3; its parts may have
// 64 and 255 (4.5.3.1.1 and 2), a label 63 (RFC 1035, 2.3.4).
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// ValidAddress reports whether a mail address is one we send to: an ASCII
// dot-atom, an at sign, and a host name in one of the domains or below it.
// net/mail would take far more, such as "x@nhs.net" <somebody@else.example>.
// The value that passed is the value that is used.
func ValidAddress(address string, domains []string) bool {
	if !wellFormed(address) {
		return false
	}
	_, host, _ := strings.Cut(address, "@")
	host = strings.ToLower(host)
	for _, domain := range domains {
		domain = strings.ToLower(domain)
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// wellFormed is the grammar without the domains.
func wellFormed(address string) bool {
	local, host, found := strings.Cut(address, "@")
	if !found || len(address) > maxAddress || len(local) > maxLocal {
		return false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtom) {
			return false
		}
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, notHost) {
			return false
		}
	}
	return len(labels) > 1
}

func letterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// notAtom is all but atext, RFC 5322, 3.2.3.
func notAtom(r rune) bool {
	return !letterOrDigit(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func notHost(r rune) bool { return !letterOrDigit(r) && r != '-' }

// Mask is what a page may show of an address: its first letter and its
// domain. The number of dots says nothing about the length.
func Mask(address string) string {
	local, host, found := strings.Cut(address, "@")
	if !found || local == "" {
		return ""
	}
	return local[:1] + "•••@" + host
}
