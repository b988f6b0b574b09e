package desk

import "strings"

// Mask is what a page may show of an address: its first letter and its
// domain. The number of dots says nothing about the length.
func Mask(address string) string {
	local, host, found := strings.Cut(address, "@")
	if !found || local == "" {
		return ""
	}
	return local[:1] + "•••@" + host
}
