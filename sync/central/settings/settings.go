// Package settings is what terminals should be set to, and what they say that
// they are set to.
//
// Its words: the base is what central's own configuration file says; a layer
// holds the settings that somebody changed for the fleet, a site or a
// terminal, each of which goes over the one above; desired is what comes of it
// for one terminal, with the version of its newest layer; reported is what the
// terminal has taken over last.
//
// A setting has a key, such as policy.page_timeout_s or site.hours. Rules that
// central itself keeps are the whole fleet's.
package settings

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// layer is what was set for a scope, by key, and since which version.
type layer struct {
	Version uint64                     `json:"version"`
	Values  map[string]json.RawMessage `json:"values"`
}

func layers() store.Table[layer] { return store.Table[layer]{Name: "settings"} }

// versions counts all changes, so that a newer document of a terminal always
// has a higher number.
func versions() store.Table[uint64] { return store.Table[uint64]{Name: "settings-version"} }

func reported() store.Table[wire.Settings] {
	return store.Table[wire.Settings]{Name: "settings-reported"}
}

// base is what central's file said when it was last read.
type base struct {
	Sum     string `json:"sum"`
	Version uint64 `json:"version"`
}

func bases() store.Table[base] { return store.Table[base]{Name: "settings-base"} }

const one = "one" // key of tables with one row

// place is a scope's row.
func place(s wire.Scope) string {
	switch {
	case s.Terminal != "":
		return "terminal/" + s.Terminal
	case s.Site != "":
		return "site/" + s.Site
	}
	return "fleet"
}

// Newest is the number of the last change.
func Newest(tx store.Tx) (uint64, error) {
	n, _, err := versions().Find(tx, one)
	return n, err
}

func next(tx store.Tx) (uint64, error) {
	n, err := Newest(tx)
	if err != nil {
		return 0, err
	}
	return n + 1, versions().Put(tx, one, n+1)
}

// Base notes what central's file says now. A file that was changed is a change
// of everybody's settings.
func Base(tx store.Tx, policy wire.Policy, sites []wire.Site) error {
	text, err := json.Marshal([]any{policy, sites})
	if err != nil {
		return fmt.Errorf("noting the settings of the file: %w", err)
	}
	sum := sha256.Sum256(text)
	was, _, err := bases().Find(tx, one)
	if err != nil || was.Sum == hex.EncodeToString(sum[:]) {
		return err
	}
	version, err := next(tx)
	if err != nil {
		return fmt.Errorf("noting the settings of the file: %w", err)
	}
	return bases().Put(tx, one, base{hex.EncodeToString(sum[:]), version})
}

// Desired is what a scope should be set to, over the file's settings, and
// where each that differs from these comes from. A terminal's site is needed
// as well.
func Desired(tx store.Tx, file wire.Settings, scope wire.Scope) (s wire.Settings, from map[string]wire.Scope, err error) {
	b, _, err := bases().Find(tx, one)
	if err != nil {
		return s, nil, fmt.Errorf("reading settings: %w", err)
	}
	all, err := file.Flat()
	if err != nil {
		return s, nil, err
	}
	version, from := b.Version, map[string]wire.Scope{}
	for _, at := range above(scope) {
		l, _, err := layers().Find(tx, place(at))
		if err != nil {
			return s, nil, fmt.Errorf("reading settings: %w", err)
		}
		version = max(version, l.Version)
		maps.Copy(all, l.Values)
		for key := range l.Values {
			from[key] = at
		}
	}
	if s, err = whole(all); err != nil {
		return s, nil, err
	}
	s.Version, s.Policy.Version = version, int(version)
	return s, from, nil
}

// above are the scopes that hold for one, the widest first.
func above(s wire.Scope) []wire.Scope {
	list := []wire.Scope{{}}
	if s.Site != "" {
		list = append(list, wire.Scope{Site: s.Site})
	}
	if s.Terminal != "" {
		list = append(list, wire.Scope{Terminal: s.Terminal})
	}
	return list
}

// Report keeps what a terminal has taken over.
func Report(tx store.Tx, terminal string, s wire.Settings) error {
	return reported().Put(tx, terminal, s)
}

// Reported is what a terminal has taken over last; version 0 is nothing.
func Reported(tx store.Tx, terminal string) (wire.Settings, error) {
	s, _, err := reported().Find(tx, terminal)
	return s, err
}

// anywhere are the rules that a terminal keeps by itself, and that may differ
// from one to the other. All others of the policy are central's to keep.
var anywhere = []string{"policy.passcode_min", "policy.passcode_max", "policy.page_timeout_s", "policy.more_time_s",
	"policy.warn_expiry_days", "policy.change_at_pad"}

// Wrong is what is wrong with a change, in a line to act on.
type Wrong string

func (w Wrong) Error() string { return string(w) }

func wrong(format string, args ...any) error { return Wrong(fmt.Sprintf(format, args...)) }

// find makes the whole key of one that may lack its first part.
func find(key string) (string, error) {
	var found []string
	for _, k := range wire.SettingKeys() {
		if k == key {
			return k, nil
		}
		if _, last, _ := strings.Cut(k, "."); last == key {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return "", wrong("there is no setting %s: \"fleet config get\" lists them all", key)
	}
	return found[0], nil
}

// Set changes a layer. What comes of it is the caller's to check: see
// [Desired] and [wire.Settings.Check].
func Set(tx store.Tx, b wire.ConfigSetBody) error {
	l, _, err := layers().Find(tx, place(b.Scope))
	if err != nil {
		return fmt.Errorf("changing settings: %w", err)
	}
	if l.Values == nil {
		l.Values = map[string]json.RawMessage{}
	}
	for _, change := range b.Set {
		key, err := find(change.Key)
		if err != nil {
			return err
		}
		if b.Scope != (wire.Scope{}) && strings.HasPrefix(key, "policy.") && !slices.Contains(anywhere, key) {
			return wrong("%s is a rule that central keeps: set it for the whole fleet", key)
		}
		if b.Scope == (wire.Scope{}) && strings.HasPrefix(key, "site.") {
			return wrong("%s is a site's: say which with --site", key)
		}
		if l.Values[key], err = parse(key, change.Value); err != nil {
			return err
		}
	}
	for _, name := range b.Unset {
		key, err := find(name)
		if err != nil {
			return err
		}
		delete(l.Values, key)
	}
	if l.Version, err = next(tx); err != nil {
		return fmt.Errorf("changing settings: %w", err)
	}
	return layers().Put(tx, place(b.Scope), l)
}

// Scopes lists the scopes that have a layer.
func Scopes(tx store.Tx) (list []wire.Scope, err error) {
	for row, err := range layers().Each(tx, "") {
		if err != nil {
			return nil, fmt.Errorf("listing settings: %w", err)
		}
		kind, id, _ := strings.Cut(row.Key, "/")
		switch kind {
		case "terminal":
			list = append(list, wire.Scope{Terminal: id})
		case "site":
			list = append(list, wire.Scope{Site: id})
		default:
			list = append(list, wire.Scope{})
		}
	}
	return list, nil
}

// parse makes JSON of a value as a person types it. Lists have commas.
func parse(key, text string) (json.RawMessage, error) {
	all, err := wire.Settings{Readers: []string{}, Policy: wire.Policy{Domains: []string{}}}.Flat()
	if err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	var value any
	switch all[key][0] {
	case '"':
		value = text
	case '[':
		list := []string{}
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		value = list
	case 't', 'f':
		if text != "true" && text != "false" {
			return nil, wrong("%s is %q: write true or false", key, text)
		}
		value = text == "true"
	default:
		var n int
		if json.Unmarshal([]byte(text), &n) != nil {
			return nil, wrong("%s is %q: write a whole number", key, text)
		}
		value = n
	}
	return json.Marshal(value)
}

// whole is the reverse of [wire.Settings.Flat].
func whole(all map[string]json.RawMessage) (s wire.Settings, err error) {
	nested := map[string]any{}
	for key, value := range all {
		part, name, below := strings.Cut(key, ".")
		if !below {
			nested[key] = value
			continue
		}
		if nested[part] == nil {
			nested[part] = map[string]json.RawMessage{}
		}
		nested[part].(map[string]json.RawMessage)[name] = value
	}
	raw, err := json.Marshal(nested)
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return s, fmt.Errorf("putting settings together: %w", err)
	}
	return s, nil
}

// Values are settings by key, in order, with where each comes from.
func Values(s wire.Settings, from map[string]wire.Scope) ([]wire.ConfigValue, error) {
	all, err := s.Flat()
	if err != nil {
		return nil, err
	}
	var list []wire.ConfigValue
	for _, key := range wire.SettingKeys() {
		source := "file"
		if at, changed := from[key]; changed {
			source = at.String()
		}
		list = append(list, wire.ConfigValue{Key: key, Value: all[key], From: source})
	}
	return list, nil
}

// Differ lists where a terminal's settings are not what they should be.
func Differ(desired, reported wire.Settings) (lines []wire.ConfigLine, err error) {
	should, err := desired.Flat()
	if err != nil {
		return nil, err
	}
	is, err := reported.Flat()
	if err != nil {
		return nil, err
	}
	for _, key := range wire.SettingKeys() {
		if !bytes.Equal(should[key], is[key]) {
			lines = append(lines, wire.ConfigLine{Key: key, Desired: should[key], Reported: is[key]})
		}
	}
	return lines, nil
}
