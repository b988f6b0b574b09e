package wire_test

import (
	"slices"
	"testing"

	"unlockpoint/sync/wire"
)

func TestSettingsHaveKeysAndSomeOfThemFewValues(t *testing.T) {
	for key, want := range map[string][]string{
		"log": wire.Logs(), "policy.questions": {"true", "false"}, "policy.page_timeout_s": nil, "site.hours": nil, "readers": nil,
	} {
		if !slices.Contains(wire.SettingKeys(), key) {
			t.Errorf("there is no %s", key)
		}
		if got := wire.SettingValues(key); !slices.Equal(got, want) {
			t.Errorf("%s can be %q", key, got)
		}
	}
	for _, key := range []string{"version", "site.id", "policy"} {
		if slices.Contains(wire.SettingKeys(), key) {
			t.Errorf("%s can be set", key)
		}
	}
}
