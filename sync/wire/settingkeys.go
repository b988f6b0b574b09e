package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// SettingKeys lists the keys that operators may set, such as
// policy.page_timeout_s, sorted.
func SettingKeys() []string {
	all, err := Settings{}.Flat()
	if err != nil {
		return nil // cannot be: it holds plain values
	}
	keys := slices.Sorted(maps.Keys(all))
	return slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(fixed, k) })
}

// fixed are not for anybody to set: they follow from others.
var fixed = []string{"version", "policy.version", "site.id", "site.sender", "site.register_subject", "site.unlock_subject"}

// SettingValues are all values that a setting can have, as a person types
// them; nil for one that has too many to list.
func SettingValues(key string) []string {
	all, err := Settings{}.Flat()
	switch {
	case err != nil:
		return nil
	case key == "log":
		return Logs()
	case string(all[key]) == "false":
		return []string{"true", "false"}
	}
	return nil
}

// Flat are the settings by key.
func (s Settings) Flat() (map[string]json.RawMessage, error) {
	if s.Readers == nil {
		s.Readers = []string{}
	}
	all := map[string]json.RawMessage{}
	err := spread(s, "", all)
	for _, part := range []string{"policy", "site"} {
		err = errors.Join(err, spread(all[part], part+".", all))
		delete(all, part)
	}
	if err != nil {
		return nil, fmt.Errorf("taking settings apart: %w", err)
	}
	return all, nil
}

func spread(v any, prefix string, into map[string]json.RawMessage) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	for key, value := range parts {
		into[prefix+key] = value
	}
	return nil
}
