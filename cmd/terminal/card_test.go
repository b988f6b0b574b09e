package main

import (
	"strings"
	"testing"

	"unlockpoint/device/appliance"
	"unlockpoint/reader"
)

func TestACardsReaderIsShownWithItsKeys(t *testing.T) {
	for _, c := range []struct {
		pad  reader.Pad
		want string
	}{
		{reader.Pad{}, ""},
		{reader.Pad{Verifies: true}, "reader's keys   verify\n"},
		{reader.Pad{Verifies: true, Changes: true, Max: 8}, "reader's keys   verify, change\n"},
	} {
		status := appliance.CardStatus{Presence: reader.Presence{Reader: "a reader", Card: true}, Pad: c.pad}
		var out strings.Builder
		if err := cardOf(status).print(&out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "reader's keys"); got != (c.want != "") || !strings.Contains(out.String(), c.want) {
			t.Errorf("%+v: %s", c.pad, out.String())
		}
	}
}
