package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// maxDepth of objects and lists in a message: twice what any body needs.
const maxDepth = 16

// Decode reads one JSON value into v, strictly: at most MaxNote bytes, UTF-8,
// nothing behind the value, and every name at most once in its object. Names
// are of [a-z0-9_]: two readers can then not differ over letter case (Go
// takes "KIND" and even "ſess" for a field) nor over which of two same names
// counts. Names that v does not know are skipped, so that a newer end may say
// more. Use structs for v: a map with names of its own would not pass.
func Decode(raw []byte, v any) error {
	if err := strict(raw); err != nil {
		return fmt.Errorf("reading json: %w", err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("reading json: %w", plain(err))
	}
	return nil
}

// plain keeps the kind of a decoding error and drops the text it quotes:
// bodies are full of what must not get into logs.
func plain(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s has the wrong type", wrong.Field)
	}
	return errors.New("a value has the wrong form")
}

func strict(raw []byte) error {
	switch {
	case len(raw) > MaxNote:
		return errors.New("too large")
	case !utf8.Valid(raw):
		return errors.New("not utf-8")
	case !json.Valid(raw): // covers what stands behind the value, too
		return errors.New("malformed")
	}
	return names(json.NewDecoder(bytes.NewReader(raw)))
}

// level is one open object or list. In an object, names and values take
// turns; seen is nil in a list.
type level struct {
	seen  map[string]bool
	value bool // the next token is a value
}

// names walks over valid JSON and checks its names and depth.
func names(d *json.Decoder) error {
	open := make([]level, 0, maxDepth)
	for {
		t, err := d.Token()
		if err != nil {
			return nil // the end: the text is valid
		}
		if t == json.Delim('}') || t == json.Delim(']') {
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 {
			asName, err := open[len(open)-1].take(t)
			if err != nil || asName {
				if err != nil {
					return err
				}
				continue
			}
		}
		if len(open) == maxDepth {
			return errors.New("nested too deep")
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{seen: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		}
	}
}

// take says whether the token is a name of this object, and checks it.
func (l *level) take(t json.Token) (asName bool, err error) {
	if l.seen == nil || l.value {
		l.value = false
		return false, nil
	}
	name, _ := t.(string)
	switch {
	case !validName(name):
		return true, errors.New("a name is not of a-z, 0-9 and _")
	case l.seen[name]:
		return true, errors.New("a name stands twice")
	}
	l.seen[name], l.value = true, true
	return true, nil
}

func validName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}
