package main

import (
	"strings"
	"testing"

	"unlockpoint/sync/wire"
)

func TestAConsoleIsAnswered(t *testing.T) {
	w := newWorld(t, 1)
	id, err := wire.LoadIdentity(w.Identity(0))
	if err != nil {
		t.Fatal(err)
	}
	challenge := wire.NewChallenge()
	answer := strings.TrimSpace(w.must("console", "respond", id.ID, wire.Spaced(challenge)))
	if right, err := wire.RightAnswer(id.ConsoleKey, id.ID, challenge, answer); !right || err != nil {
		t.Errorf("%s: %v", answer, err)
	}
	if _, err := w.fleet("console", "respond", "ward7-9", challenge); err == nil || !strings.Contains(err.Error(), "fleet ls") {
		t.Errorf("of no terminal: %v", err)
	}
}
