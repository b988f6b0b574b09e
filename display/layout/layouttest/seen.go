package layouttest

import (
	"cmp"
	"fmt"
	"strings"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/typing"
)

// seen is all that a person can read and reach on all parts of a page.
type seen struct {
	text  map[layout.Role]string
	keys  map[string]bool
	typed map[rune]bool
	hasty bool // there was something to choose before there was anything to read
}

func newSeen() *seen {
	return &seen{text: map[layout.Role]string{}, keys: map[string]bool{}, typed: map[rune]bool{}}
}

// add takes note of a part, in the order in which people turn to them.
func (s *seen) add(l layout.Layout) {
	choice := false
	for _, b := range l.Boxes {
		for _, line := range b.Lines {
			s.text[b.Role] += " " + line.Text
		}
		choice = choice || b.Role == layout.Choice
		switch b.Target.Does {
		case typing.Presses:
			s.keys[b.Target.Key] = true
		case typing.Types:
			s.typed[b.Target.Rune] = true
		}
	}
	s.hasty = s.hasty || choice && s.text[layout.Body] == ""
}

// missing finds words nobody can read, actions nobody can touch or press, and
// characters nobody can type.
func (s *seen) missing(page display.Page) []string {
	return append(s.unsaid(page), s.untypable(page.Field)...)
}

// unsaid is what is missing of what the page says, or comes too late.
func (s *seen) unsaid(page display.Page) []string {
	var found []string
	said := append([]string{cmp.Or(page.Doing, page.Title), page.Step, page.Error}, page.Body...)
	for _, c := range page.Choices {
		said = append(said, c.Label)
		found = append(found, s.key(c.Key, c.Label)...)
	}
	for _, a := range page.Actions {
		found = append(found, s.key(a.Key, a.Label)...)
	}
	found = append(found, s.key(display.Settings, "Settings")...)
	if !page.Look.Low { // there Settings lead to it, where room is short
		found = append(found, s.key(display.Help, "Help")...)
	}
	if s.hasty && len(page.Body) > 0 {
		found = append(found, fmt.Sprintf("people choose before they have read %q", page.Body[0]))
	}
	for _, text := range said {
		if !s.readable(text) {
			found = append(found, fmt.Sprintf("nobody can read %q", text))
		}
	}
	return found
}

// readable reports whether all of a text is there, wherever lines break.
func (s *seen) readable(text string) bool {
	squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, said := range s.text {
		if strings.Contains(squash(said), squash(text)) {
			return true
		}
	}
	return squash(text) == ""
}

func (s *seen) key(key, label string) []string {
	switch {
	case key == "":
		return []string{fmt.Sprintf("%q has no key", label)}
	case !s.keys[key]:
		return []string{fmt.Sprintf("nobody can touch %q (%s)", label, key)}
	case !display.IsKey(key) && key != display.Show:
		return []string{fmt.Sprintf("%q has the key %q, which the pad has not", label, key)}
	}
	return nil
}

func (s *seen) untypable(f *display.Field) []string {
	var found []string
	for r := ' '; r <= '~'; r++ {
		if typing.Accepts(f, r) && !s.typed[r] {
			found = append(found, fmt.Sprintf("nobody can touch the character %q", r))
		}
	}
	return found
}
