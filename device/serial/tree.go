package serial

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// verb is a word of the command line, and a line of the menu: either a command
// or a folder of further words.
type verb struct {
	word string
	args string // what may stand behind it: "[MINUTES]"
	help string
	sub  []verb
	run  func(*session, context.Context, []string) error
}

// find takes words off the beginning of a line for as long as they name verbs:
// whole words, their beginnings, or numbers as the menu counts. A folder is
// found when the words end at it.
func find(in verb, words []string) (verb, []string, error) {
	for len(in.sub) > 0 && len(words) > 0 {
		next, err := pick(in.sub, words[0])
		if err != nil {
			return verb{}, nil, err
		}
		next.word = strings.TrimSpace(in.word + " " + next.word)
		in, words = next, words[1:]
	}
	return in, words, nil
}

func pick(among []verb, word string) (verb, error) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(among) {
		return among[n-1], nil
	}
	fits := fitting(among, word)
	switch len(fits) {
	case 1:
		return fits[0], nil
	case 0:
		return verb{}, fmt.Errorf("%q is none of %s", word, list(among))
	}
	return verb{}, fmt.Errorf("%q may be %s", word, list(fits))
}

// fitting are the verbs that a beginning may mean; a whole word means itself.
func fitting(among []verb, beginning string) []verb {
	var fits []verb
	for _, v := range among {
		if v.word == beginning {
			return []verb{v}
		}
		if strings.HasPrefix(v.word, beginning) {
			fits = append(fits, v)
		}
	}
	return fits
}

func list(verbs []verb) string {
	words := make([]string, len(verbs))
	for i, v := range verbs {
		words[i] = v.word
	}
	return strings.Join(words, ", ")
}

// around finds the folder in which the last word of an unfinished line stands,
// and the verbs that this word may become. Behind a command there are none.
func around(in verb, line string) (folder verb, last string, fits []verb, err error) {
	words := strings.Fields(line)
	if n := len(words); n > 0 && !strings.HasSuffix(line, " ") {
		last, words = words[n-1], words[:n-1]
	}
	folder, rest, err := find(in, words)
	if err != nil || len(rest) > 0 {
		return folder, last, nil, err
	}
	return folder, last, fitting(folder.sub, last), nil
}

// complete is how much longer the last word of a line gets by tab.
func complete(fits []verb, last string) string {
	if len(fits) == 0 {
		return ""
	}
	common := fits[0].word
	for _, v := range fits[1:] {
		for !strings.HasPrefix(v.word, common) {
			common = common[:len(common)-1]
		}
	}
	if len(fits) == 1 {
		common += " "
	}
	return common[min(len(last), len(common)):]
}
