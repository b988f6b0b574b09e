package wire_test

import (
	"encoding/json"
	"testing"

	"unlockpoint/sync/wire"
)

func TestASettingIsShownAsPeopleWriteIt(t *testing.T) {
	for raw, want := range map[string]string{`"info"`: "info", `""`: "", `["nhs.net","nhs.uk"]`: "nhs.net, nhs.uk", `[]`: "", "900": "900", "true": "true"} {
		if got := wire.Shown(json.RawMessage(raw)); got != want {
			t.Errorf("%s is shown as %q", raw, got)
		}
	}
}
