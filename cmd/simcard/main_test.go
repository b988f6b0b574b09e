package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/piv"
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

func TestHelpNamesEveryCommand(t *testing.T) {
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
	io.WriteString(hand, "quit\n")
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, want := range []string{"passcode tries  3", "Right.", "The card is out."} {
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
