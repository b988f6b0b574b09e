package store

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

func TestTheRawFilesHoldNothingPersonal(t *testing.T) {
	const card = "5901223344556677"
	key := []byte("registry key of the site")
	hash := wire.CardHash(key, card)
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)

	// A card's whole life at this terminal, and every attempt to write its id.
	apply(t, s, 1, registered(1, hash))
	u := begun(t, s, hash, 4)
	steps{resetCurrent, resetDone, changeSent}.run(t, u)
	if err := u.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddFact(wire.Audit, wire.AuditBody{What: "card.left", Card: hash, At: time.Unix(1e9, 0)}); err != nil {
		t.Fatal(err)
	}
	prefer(t, s, hash, fond, time.Unix(1e9, 0))
	s.Prefer(card, fond, time.Unix(1e9, 0))
	s.Apply([]wire.RegistryChange{registered(2, card)}, 2)
	s.BeginUnlock(card, "case-2", 1, false)
	s.AddFact(wire.Audit, wire.AuditBody{What: "card.left", Card: card})
	s.Card(card)
	closed(t, s)

	secrets := [][]byte{[]byte(card), key}
	for name, text := range snapshot(t, dir) {
		for _, secret := range secrets {
			for _, form := range forms(secret) {
				if bytes.Contains(text, form) {
					t.Errorf("%s holds %q", name, secret)
				}
			}
		}
	}
}

// forms are the ways in which bytes may stand in a file.
func forms(b []byte) [][]byte {
	return [][]byte{b, []byte(hex.EncodeToString(b)), []byte(base64.StdEncoding.EncodeToString(b))}
}
