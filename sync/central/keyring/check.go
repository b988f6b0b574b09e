package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"unlockpoint/sync/central/store"
)

// ErrOtherRing says that the store was written with other keys.
var ErrOtherRing = errors.New("the store belongs to another key ring: bring back the key ring file that was used with it, nothing was changed")

// checks holds the check value of each key that was ever used with the store.
func checks() store.Table[[]byte] { return store.Table[[]byte]{Name: "keycheck"} }

// Confirm makes sure that the ring is the one the store was written with, and
// notes new keys. A server that gets an error here does not start.
func (r *Ring) Confirm(tx store.Tx) error {
	for row, err := range checks().Each(tx, "") {
		if err != nil {
			return err
		}
		if want, ok := r.checkValues()[row.Key]; !ok || !hmac.Equal(want, row.Value) {
			return fmt.Errorf("%s: %w", row.Key, ErrOtherRing)
		}
	}
	for name, value := range r.checkValues() {
		if err := checks().Put(tx, name, value); err != nil {
			return err
		}
	}
	return nil
}

// checkValues is an HMAC of a fixed text with each key, by use and version.
func (r *Ring) checkValues() map[string][]byte {
	values := make(map[string][]byte)
	for _, use := range Uses() {
		for i, key := range r.keys[use] {
			mac := hmac.New(sha256.New, key)
			fmt.Fprintf(mac, "unlockpoint key check v1\n%s\n%d", use, i+1)
			values[fmt.Sprintf("%s/%d", use, i+1)] = mac.Sum(nil)
		}
	}
	return values
}
