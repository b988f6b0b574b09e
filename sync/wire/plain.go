package wire

import (
	"slices"
	"strings"
	"unicode"
)

// Plain makes a text that came from elsewhere safe to show in one line: screens
// obey control characters, and some turn round what stands behind them.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return '.'
	}, text)
}

const (
	longestWord = 300 // runes; more than any text of a fault
	mostFaults  = 50  // more than there are kinds
)

// brief is a text to show that nobody can make long.
func brief(text string) string {
	short := []rune(Plain(text))
	return string(short[:min(len(short), longestWord)])
}

// Plain is a birth whose texts may be shown and kept: who holds a terminal's
// keys could have it say anything.
func (b StateBody) Plain() StateBody {
	b.Sess, b.Build = brief(b.Sess), brief(b.Build)
	if b.Vitals == nil {
		return b
	}
	v := *b.Vitals
	v.Faults = slices.Clone(v.Faults[:min(len(v.Faults), mostFaults)])
	for i, f := range v.Faults {
		v.Faults[i] = Fault{Code: brief(f.Code), Title: brief(f.Title), Severity: Severity(brief(string(f.Severity))), Do: brief(f.Do), Since: f.Since}
	}
	b.Vitals = &v
	return b
}
