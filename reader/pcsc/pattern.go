package pcsc

import "strings"

// pattern is the name of approved readers, in lower case. With * (anything)
// or ? (one character) it is the whole name, as in a shell; without them it is
// a part of it. Brackets mean themselves, as real names have them: "ACS
// ACR38U [CCID Interface] 00 00".
type pattern string

// fits says whether a reader is meant. A pattern of nothing means none: an
// empty line in a configuration shall not approve every reader.
func (p pattern) fits(name string) bool {
	name = strings.ToLower(name)
	switch {
	case p == "":
		return false
	case !strings.ContainsAny(string(p), "*?"):
		return strings.Contains(name, string(p))
	}
	return matches([]rune(p), []rune(name))
}

// matches compares from the left. At a mismatch the last * takes one more
// character: no earlier * can do better.
func matches(pattern, name []rune) bool {
	p, n := 0, 0
	star, taken := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, taken = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			taken++
			p, n = star+1, taken
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
