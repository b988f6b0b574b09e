// Package settings reads a program's configuration file: TOML over defaults,
// with errors that name the line and what to write instead. And it has what
// every program sets about its own process.
//
// What the settings mean, and which values are wrong, is each program's own
// business. Nothing of a file is quoted but its names of settings.
package settings

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/BurntSushi/toml"
)

// Read reads a file's text over what into holds. help is the command that
// lists all settings, for the error about one that there is not.
func Read(text string, into any, help string) error {
	meta, err := toml.Decode(text, into)
	if syntax, ok := errors.AsType[toml.ParseError](err); ok {
		return fmt.Errorf("line %d: %s", syntax.Position.Line, syntax.Message)
	}
	if err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "toml: "))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%sthere is no setting %s: %q lists them all", lineOf(text, unknown[0]), unknown[0], help)
	}
	return nil
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
		if at == table && strings.Trim(left, ` "'`) == name || at == key.String() {
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
