package layout

import (
	"slices"
	"strings"
	"unicode/utf8"

	"unlockpoint/display/theme"
)

// wrap breaks text into lines no wider than a width: between words, or
// inside one that is wider than a line on its own.
func wrap(text string, f *theme.Font, px, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimPrefix(line+" "+word, " ")
		if f.Width(longer, px) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		whole, rest := breakWord(word, f, px, width)
		lines = append(lines, whole...)
		line = rest
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// breakWord cuts full lines off a word that is too wide, an address say.
func breakWord(word string, f *theme.Font, px, width int) (lines []string, rest string) {
	for f.Width(word, px) > width {
		n := len(word)
		for n > 0 && f.Width(word[:n], px) > width {
			_, size := utf8.DecodeLastRuneInString(word[:n])
			n -= size
		}
		n = max(n, firstRune(word))
		if n >= len(word) {
			break
		}
		lines = append(lines, word[:n])
		word = word[n:]
	}
	return lines, word
}

func firstRune(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// unwidowed is wrap without a last word alone on its line, if somewhat
// narrower lines avoid it.
func unwidowed(text string, f *theme.Font, px, width int) []string {
	lines := wrap(text, f, px, width)
	n := len(lines)
	if n < 2 || strings.Contains(lines[n-1], " ") {
		return lines
	}
	if narrower := wrap(text, f, px, width*9/10); len(narrower) == n {
		return narrower
	}
	return lines
}

// balance is wrap with lines of like length, for titles.
func balance(text string, f *theme.Font, px, width int) []string {
	lines := wrap(text, f, px, width)
	low, high := 0, width
	for high-low > 8 && len(lines) > 1 {
		middle := (low + high) / 2
		if narrower := wrap(text, f, px, middle); len(narrower) == len(lines) && within(narrower, f, px, middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return wrap(text, f, px, high)
}

func within(lines []string, f *theme.Font, px, width int) bool {
	for _, l := range lines {
		if f.Width(l, px) > width {
			return false
		}
	}
	return true
}

// broken reports whether a word of the text goes on in the next line. Addresses
// and what else has signs or digits in it may.
func broken(text string, lines []string) bool {
	words, placed := strings.Fields(text), strings.Fields(strings.Join(lines, " "))
	if len(words) == len(placed) {
		return false
	}
	return slices.ContainsFunc(words, func(word string) bool {
		return !strings.ContainsAny(strings.TrimRight(word, ".,;:?!…"), "@./…•0123456789") && !slices.Contains(placed, word)
	})
}
