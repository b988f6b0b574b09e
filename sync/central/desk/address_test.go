package desk

import "testing"

func TestMask(t *testing.T) {
	for address, want := range map[string]string{
		"amina.okafor@nhs.net": "a•••@nhs.net",
		"a@nhs.net":            "a•••@nhs.net",
		"":                     "",
		"@nhs.net":             "",
	} {
		if got := Mask(address); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}
