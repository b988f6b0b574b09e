// Package settings reads a program's configuration file: TOML over defaults,
// with errors that name the line and what to write instead. And it has what
// every program sets about its own process.
//
// What the settings mean, and which values are wrong, is each program's own
// business. Nothing of a file is quoted but its names of settings.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// Read reads a file's text over what into holds. help is the command that
// lists all settings, for the error about one that there is not.
func Read(text string, into any, help string) error {
	meta, err := toml.Decode(text, into)
	if syntax, ok := errors.AsType[toml.ParseError](err); ok {
		return fmt.Errorf("line %d: %s (%q shows what a setting looks like)", syntax.Position.Line, syntax.Message, help)
	}
	if err != nil {
		return mismatch(strings.TrimPrefix(err.Error(), "toml: "))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%sthere is no setting %s: %q lists them all", lineOf(text, unknown[0]), unknown[0], help)
	}
	return nil
}

// mismatched is what the library says of a value of another kind.
var mismatched = regexp.MustCompile(`^line (\d+) \(last key "(.*)"\): incompatible types: TOML value has type \w+; destination has type (\w+)$`)

// mismatch says what to write instead.
func mismatch(text string) error {
	found := mismatched.FindStringSubmatch(text)
	if found == nil {
		return errors.New(text)
	}
	kinds := map[string]string{"integer": "a whole number", "float": "a number", "boolean": "true or false", "string": "text in quotes", "slice": "a list in brackets"}
	return fmt.Errorf("line %s: %s is of another kind: write %s", found[1], found[2], cmp.Or(kinds[found[3]], found[3]))
}

// At puts the line before an error that begins with a setting, such as
// "panel.veil_s is 700", or with a table and what is wrong in it, such as
// "panel: rotation is 45". One that is not in the file gets none.
func At(text string, err error) error {
	if err == nil {
		return nil
	}
	words := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == ' ' || r == ':' })
	for n := min(2, len(words)); n > 0; n-- {
		if line := lineOf(text, strings.Split(strings.Join(words[:n], "."), ".")); line != "" {
			return fmt.Errorf("%s%w", line, err)
		}
	}
	return err
}

// lineOf finds where a setting stands: the library does not say.
func lineOf(text string, key toml.Key) string {
	table, name := strings.Join(key[:len(key)-1], "."), key[len(key)-1]
	at := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			at = strings.Trim(line, "[] ")
		}
		left, _, _ := strings.Cut(line, "=")
		left = strings.Trim(left, ` "'`)
		if at == table && left == name || at == key.String() || at == "" && left == key.String() {
			return fmt.Sprintf("line %d: ", i+1)
		}
	}
	return ""
}

// Broker says what is wrong with the address of a broker, in the words of the
// setting that holds it.
func Broker(name, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "mqtt" && u.Scheme != "mqtts" || u.Hostname() == "" {
		return fmt.Errorf("%s is %q: write \"mqtt://HOST:1883\" or \"mqtts://HOST:8883\"", name, text)
	}
	return nil
}

// Level reads how much to log.
func Level(name string) (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(name)); err != nil {
		return l, fmt.Errorf("log is %q: write debug, info, warn or error", name)
	}
	return l, nil
}
