package simcard_test

import (
	"testing"

	"unlockpoint/reader/simcard"
)

// TestWhatACardHasIsSeenAtNoCost whatever its kind, and also while it is blocked.
func TestWhatACardHasIsSeenAtNoCost(t *testing.T) {
	for _, profile := range []string{"piv", "gids", "openpgp", "isoapplet", "authentic"} {
		card := newCard(t, simcard.Config{Profiles: []string{profile}, PIN: "271828"})
		for range 4 {
			before := card.Status().Tries
			if !card.Has("271828") || card.Has("000000") || card.Status().Tries != before {
				t.Errorf("%s: with %d tries left", profile, before)
			}
			card.Verify("000000")
		}
	}
	if card := newCard(t, simcard.Config{Kind: simcard.Mute}); card.Has("") {
		t.Error("a card without applications has a passcode")
	}
}
