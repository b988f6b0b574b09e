package enrol

import (
	"encoding/json"
	"testing"
)

// FuzzKeys: keys that parse are whole, and say nothing of themselves.
func FuzzKeys(f *testing.F) {
	k, err := makeKeys()
	if err != nil {
		f.Fatal(err)
	}
	raw, err := json.Marshal(k)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"tls":"","note":"","seal":""}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		k, err := parseKeys(raw)
		if err != nil {
			return
		}
		if _, _, err := k.public(); err != nil || k.String() != "keys" {
			t.Errorf("%v parses: %v", k, err)
		}
	})
}
