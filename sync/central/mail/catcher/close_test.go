package catcher_test

import (
	"testing"

	"unlockpoint/sync/central/mail/catcher"
)

// Whoever starts it and finds the next thing missing closes it at once.
func TestAServerMayBeClosedBeforeItServes(t *testing.T) {
	for range 100 {
		s, err := catcher.Start("127.0.0.1:0", catcher.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
