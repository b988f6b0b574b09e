package main

import (
	"strings"
	"testing"
)

// The numbers that the terminal is proud of: commands from SELECT to unblocked.
func TestTheTerminalsWayIsTheShortest(t *testing.T) {
	want := map[string]int{"piv": 2, "gids": 5, "openpgp": 3, "isoapplet": 2}
	for _, y := range yardsticks() {
		n, err := new(compareCommand).count(t.Context(), y)
		if err != nil || n != want[y.profile] {
			t.Errorf("%s takes %d commands, want %d: %v", y.profile, n, want[y.profile], err)
		}
	}
}

func TestNothingIsComparedInNoRuns(t *testing.T) {
	if _, err := run(t, nil, "compare", "--runs", "0"); err == nil || !strings.Contains(err.Error(), "write 1 or more") {
		t.Error(err)
	}
}

// A person looks at "Reading your card" for as long as these take.
func TestACardIsKnownInFewCommands(t *testing.T) {
	r := &report{}
	if err := new(compareCommand).identify(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, n := range r.numbers {
		if most := map[bool]float64{true: 8, false: 15}[n.Name == "cards.piv.identify_apdus"]; n.Value > most {
			t.Errorf("%s is %v, at most %v", n.Name, n.Value, most)
		}
	}
}
