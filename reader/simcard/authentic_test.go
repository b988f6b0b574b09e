package simcard_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// inOberthur begins a dialogue in the folder of the passcode.
func inOberthur(t *testing.T) *simcard.Card {
	t.Helper()
	card := newCard(t, simcard.Config{Profiles: []string{"authentic"}})
	for _, command := range []string{"00A40400 10 A0000000770103030000 00F100000002", "00A4000C 02 3F00", "00A4000C 02 5011"} {
		if got := says(t, card, command); got != "9000" {
			t.Fatal(got)
		}
	}
	return card
}

// The words are those that OpenSC's card-oberthur.c and pkcs15-oberthur.c
// understand.
func TestAnAuthentICCardRefusesInTheWordsThatOpenSCKnows(t *testing.T) {
	fill := func(secret string) string {
		return hex.EncodeToString([]byte(secret + strings.Repeat("\xFF", 64-len(secret))))
	}
	verify := func(ref, secret string) string { return "002000" + ref + "40" + fill(secret) }
	for _, dialogue := range [][]string{
		{"00200081", "63c3"},
		{"00200084", "63c3"},
		{"00200004", "6a88"}, // not a secret of the whole card
		{"00A4000C 02 3F00", "9000", "00200081", "6a88", verify("84", "12345678"), "6a88", "00A4000C 02 2000", "6a82"},
		{"00200081 06 313233343536", "6700"},
		{verify("81", "123456"), "9000", "00200081", "9000", "00200084", "63c3"},
		{verify("81", "000000"), "63c2", verify("81", "000000"), "63c1", verify("81", "000000"), "63c0", verify("81", "123456"), "63c0"},
		{"00240001 80" + fill("123456") + fill("2718"), "9000", verify("81", "2718"), "9000"},
		{"00240001 80" + fill("123456") + fill("caf\xE9"), "9000", verify("81", "caf\xE9"), "9000"},
		{"00240081 80" + fill("123456") + fill("2718"), "6a88"},
		{"00A4000C 02 2000", "9000", "00B0000010", "6982"}, // not without the officer
		{verify("81", "123456"), "9000", "00A4000C 02 2000", "9000", "00B0000010", "6982"},
		{verify("84", "12345678"), "9000", "00A4000C 02 2000", "9000", "00A4000C 02 3F00", "9000", "00B0000010", "6986"},
		{"002C0001 50" + strings.Repeat("00", 16) + fill("2718"), "63c2"},
		{"002C0001 10" + strings.Repeat("00", 16), "6700"},
		{"00A4000C 02 3000", "9000", "00B0000010", "6981"},
		{"00A4000C 02 1234", "6a82"},
		{"00A4080C 02 5011", "6a86"},
	} {
		card := inOberthur(t)
		for i := 0; i < len(dialogue); i += 2 {
			if got := says(t, card, dialogue[i]); got != dialogue[i+1] {
				t.Errorf("%s: %s, want %s", dialogue[i], got, dialogue[i+1])
			}
		}
	}
}

func TestAuthentICCardsThatCannotBeAreNotMade(t *testing.T) {
	for _, cfg := range []simcard.Config{{PIN: "123"}, {PIN: strings.Repeat("1", 65)}, {PUK: "123"}, {PUK: strings.Repeat("1", 65)}} {
		cfg.Profiles = []string{"authentic"}
		if _, err := simcard.New(cfg); err == nil {
			t.Errorf("made %+v", cfg)
		}
	}
}

func FuzzAuthentICCardAnswersAnything(f *testing.F) {
	f.Add([]byte("\x00\xA4\x00\x00\x02\x20\x00\x00"), []byte("\x00\xB0\x00\x00\x10"))
	f.Add([]byte("\x00\x20\x00\x84"), []byte("\x00\x24\x00\x01\x0812345678"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		card := inOberthur(t)
		for _, apdu := range [][]byte{first, second} {
			if answer, err := card.Answer(t.Context(), apdu); err != nil || len(answer) < 2 {
				t.Errorf("% X: % X, %v", apdu, answer, err)
			}
		}
	})
}
