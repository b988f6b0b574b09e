package words

import (
	"regexp"
	"strconv"
	"strings"
)

// Facts are what placeholders stand for.
type Facts map[string]string

// placeholder is {name}, or {name:one|many} with # for the number.
var placeholder = regexp.MustCompile(`\{([a-z]+)(?::([^|{}]*)\|([^|{}]*))?\}`)

// Fill puts facts in the place of placeholders. The second result is false
// when one of them is missing: then the sentence says nothing.
func Fill(text string, facts Facts) (string, bool) {
	whole := true
	filled := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		part := placeholder.FindStringSubmatch(found)
		fact := facts[part[1]]
		if fact == "" {
			whole = false
		}
		if part[3] == "" {
			return fact
		}
		return counted(fact, part[2], part[3])
	})
	return filled, whole
}

func counted(number, one, many string) string {
	form := many
	if number == "1" {
		form = one
	}
	return strings.ReplaceAll(form, "#", number)
}

// Number is n as a fact.
func Number(n int) string { return strconv.Itoa(n) }
