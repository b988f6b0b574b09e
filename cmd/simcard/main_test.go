package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

func run(t *testing.T, in io.Reader, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Run(t.Context(), args, in, &out)
	return out.String(), err
}

func TestACardIsMadeAndTried(t *testing.T) {
	dir := t.TempDir()
	file, authority := filepath.Join(dir, "card.json"), filepath.Join(dir, "authority.pem")
	out, err := run(t, nil, "new", file, "--authority", authority, "--name", "Amina's card")
	if err != nil || !strings.Contains(out, "Amina's card (working)") || !strings.Contains(out, "piv:") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := run(t, nil, "new", file); err == nil {
		t.Error("a card was overwritten")
	}
	if out, err := run(t, nil, "verify", file, "123456"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	for range 3 {
		if out, err := run(t, nil, "verify", file, "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
	}
	if out, err := run(t, nil, "status", file); err != nil || !strings.Contains(out, "none: blocked") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestACardOfAnotherProfileIsMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "card.json")
	key := strings.Repeat("0123456789abcdef", 3)
	out, err := run(t, nil, "new", file, "--profile", "gids", "--pin", "Open sesame", "--puk", key)
	if err != nil || !strings.Contains(out, "gids:") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := run(t, nil, "verify", file, "Open sesame"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := run(t, nil, "new", file+"2", "--profile", "gids,piv"); err != nil || !strings.Contains(out, "gids:") {
		t.Errorf("two profiles: %v: %s", err, out)
	}
	if out, err := run(t, nil, "new", file+"3", "--profile", "loyalty"); err == nil {
		t.Errorf("a card of no profile: %s", out)
	}
}

// Every habit that a virtual card can have has a name to ask for it by.
func TestEveryHabitCanBeAskedFor(t *testing.T) {
	file := filepath.Join(t.TempDir(), "card.json")
	if _, err := run(t, nil, "new", file, "--profile", "openpgp", "--any-characters", "--metadata", "--get-version", "--parts", "--t0",
		"--short-only", "--kdf", "--counts-admin", "--counts-to-zero", "--never-counts", "--form-first", "--tells-blocked",
		"--tells-tries", "--resetting-code", "--delay", "3ms"); err != nil {
		t.Fatal(err)
	}
	var kept struct{ Quirks simcard.Quirks }
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, &kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	for habit, v := range reflect.ValueOf(kept.Quirks).Fields() {
		if v.IsZero() {
			t.Errorf("%s has no flag", habit.Name)
		}
	}
}

func TestAWrongCommandLeadsToTheHelp(t *testing.T) {
	_, err := run(t, nil, "nonsense")
	if err == nil || !strings.Contains(err.Error(), "--help") {
		t.Errorf("%v", err)
	}
}

// The card goes in, is unlocked by a PC/SC program, and comes out, as typed.
func TestACardIsPlayedByHand(t *testing.T) {
	stack := pcsctest.Start(t)
	stack.Join(t)
	file := filepath.Join(t.TempDir(), "card.json")
	if out, err := run(t, nil, "new", file, "--kind", "blocked"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	keyboard, hand := io.Pipe()
	var out bytes.Buffer
	done := make(chan error)
	go func() {
		done <- Run(t.Context(), []string{"run", file, "--vpcd", stack.Slots[0], "--out"}, keyboard, &out)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	slot := pcsc.NewSlot(pcsc.Config{})
	seen := slot.Watch(ctx)

	io.WriteString(hand, "in\n")
	await(t, seen, true)
	unblock(t, slot)
	if _, err := run(t, nil, "verify", file, "271828"); err == nil {
		t.Error("a card in a reader was tried at home")
	}
	io.WriteString(hand, "status\nverify 271828\nout\n")
	await(t, seen, false)
	io.WriteString(hand, "pull before 2C\nin\n")
	await(t, seen, true)
	io.WriteString(hand, "pull byte two\npull byte 3\nquit\n")
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, want := range []string{"passcode tries  3", "Right.", "The card is out.", "Say after how many bytes"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s", want, out.String())
		}
	}
	if out, err := run(t, nil, "verify", file, "271828"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	cancel()
	for range seen {
	}
}

func await(t *testing.T, seen <-chan reader.Presence, card bool) {
	t.Helper()
	for p := range seen {
		if p.Reader != "" && p.Card == card {
			return
		}
	}
	t.Fatalf("waited in vain for card %v", card)
}

func unblock(t *testing.T, slot *pcsc.Slot) {
	t.Helper()
	link, err := slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	card, err := piv.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	o, err := card.Unblock(t.Context(), []byte("12345678"), []byte("271828"))
	if err != nil || o.Result != reader.OK {
		t.Fatalf("%+v, %v", o, err)
	}
}
