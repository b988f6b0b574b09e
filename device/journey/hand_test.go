package journey

import (
	"testing"

	"unlockpoint/device/pages/words"
)

// TestLanguagesAtHandLeaveTheKeysOfSpeechFree however many there are.
func TestLanguagesAtHandLeaveTheKeysOfSpeechFree(t *testing.T) {
	ten := make([]words.Tongue, 10)
	if n := len(atHand(ten)); n != 7 {
		t.Errorf("%d of 10 are at hand", n)
	}
	if n := len(atHand(ten[:3])); n != 3 {
		t.Errorf("%d of 3 are at hand", n)
	}
}
