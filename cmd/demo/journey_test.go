package main

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
)

// The command goes through both journeys, with a reader in the process and
// with one of the PC/SC service.
func TestJourney(t *testing.T) {
	for _, args := range [][]string{{"journey"}, {"journey", "--pcsc"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			if err := Run(ctx, args); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// It tells of every page, and fails when the card does not take the passcode
// that was chosen: here the person remembers another.
func TestJourneyFailsWhenTheCardDoesNotTakeThePasscode(t *testing.T) {
	var out strings.Builder
	line := tell(&out)
	err := withHouse(t.Context(), house.Config{Log: slog.New(slog.DiscardHandler)}, func(ctx context.Context, _ *house.House, d robot.Driver) error {
		amina := newAmina(d, nil)
		amina.Seen = func(p robot.Page, showed time.Duration) {
			line(p, showed)
			if p.ID == "unlock.done" {
				amina.NewPasscode = "135792"
			}
		}
		err := bothJourneys(ctx, amina)
		for name, want := range map[string]bool{"amina": false, "bryn": true} {
			var card driver.Card
			if err := d.Get(ctx, "/cards/"+name+".json", &card); err != nil || card.AsPrinted != want {
				t.Errorf("%s's passcode is the printed one: %t, %v", name, card.AsPrinted, err)
			}
		}
		return err
	})
	if err == nil || err.Error() != "the card does not accept the new passcode" {
		t.Errorf("it ended with %v", err)
	}
	for _, page := range []string{"register.code", "register.done", "card.locked", "unlock.code", "unlock.done"} {
		if !regexp.MustCompile(`(?m)^ +[\d.]+ s  ` + regexp.QuoteMeta(page) + ` +\d+ ms  \w`).MatchString(out.String()) {
			t.Errorf("no line for %s", page)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// From the new passcode to the end an unlock takes 6 commands on the card at
// most, and one round trip to central. What else the terminal asks in that
// moment is counted as well, such as for news of the registry: so the least of
// three counts.
func TestWhatAnUnlockTakes(t *testing.T) {
	least := map[string]float64{"unlock.piv_apdus": 99, "unlock.round_trips": 99}
	for range 3 {
		numbers, err := measured(t.Context(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range numbers {
			if was, held := least[n.Name]; held {
				least[n.Name] = min(was, n.Value)
			}
		}
	}
	if n := least["unlock.piv_apdus"]; n < 1 || n > 6 {
		t.Errorf("%v commands on the card, want 1 to 6", n)
	}
	if n := least["unlock.round_trips"]; n != 1 {
		t.Errorf("%v round trips to central, want 1", n)
	}
}

// A folder that is not the demo's is never emptied.
func TestFreshLeavesOtherFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := dataFolder(dir, false); err != nil { // a start without --fresh makes it no folder of the demo's
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for one that starts after all
	defer cancel()
	if err := Run(ctx, []string{"run", "--data", dir, "--fresh", "--port", "0"}); err == nil || !strings.Contains(err.Error(), "left alone") {
		t.Errorf("fresh in another folder: %v", err)
	}
	if _, err := os.Stat(letter); err != nil {
		t.Error(err)
	}
}

// What cannot start deletes nothing: a demo may be running there.
func TestFreshLeavesARunningDemoAlone(t *testing.T) {
	data, err := dataFolder(filepath.Join(t.TempDir(), "data"), false)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	locked, err := house.Lock(data)
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for one that starts after all
	defer cancel()
	for port, says := range map[string]string{port: "is taken", "0": "another demo uses"} {
		if err := Run(ctx, []string{"run", "--data", data, "--fresh", "--port", port}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("port %s: %v, want %q", port, err, says)
		}
		if _, err := os.Stat(locked.Name()); err != nil {
			t.Errorf("port %s: %v", port, err)
		}
	}
}

// The demo's own folder is emptied and made again.
func TestFreshEmptiesItsOwnFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, fresh := range []bool{false, true} {
		data, err := dataFolder(dir, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(data, "old")); err == nil {
			t.Error("what was there before is still there")
		}
		if err := os.WriteFile(filepath.Join(data, "old"), nil, fs.FileMode(0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// Wrong arguments are named, with what to do.
func TestWrongArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"run", "--port", "x"}, "--port"},
		{[]string{"run", "--colour", "red"}, "--colour"},
		{[]string{"run", "--data", t.TempDir(), "--seed", "nowhere.csv"}, "nowhere.csv"},
	} {
		if err := Run(t.Context(), c.args); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.args, err, c.says)
		}
	}
}
