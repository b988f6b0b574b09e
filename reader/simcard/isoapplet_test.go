package simcard_test

import (
	"bytes"
	"encoding/hex"
	"path/filepath"
	"testing"

	"unlockpoint/reader/simcard"
)

const (
	selectIso     = "00A40400 0C F276A288BCFBA69D34F31001 00"
	selectManager = "00A4040000"
)

func newIso(t *testing.T, cfg simcard.Config) *simcard.Card {
	t.Helper()
	cfg.Profiles = []string{"isoapplet"}
	card := newCard(t, cfg)
	if got := says(t, card, selectIso); got != "000600"+"9000" {
		t.Fatal(got)
	}
	return card
}

// The words are those of IsoApplet.java.
func TestAnIsoAppletRefusesInTheWordsOfTheApplet(t *testing.T) {
	pin, other := hex.EncodeToString([]byte("123456")), hex.EncodeToString([]byte("000000"))
	pad, puk := "00000000000000000000", hex.EncodeToString([]byte("1234567812345678"))
	for _, dialogue := range [][]string{
		{"00200001", "63c3"},
		{"00200000", "6a86"},
		{"00200002", "6a86"}, // nobody asks for the PUK's tries
		{"00200101 06 " + pin, "6a86"},
		{"00200001 03 313233", "6700"},
		{"00200001 11 " + pin + pad + "00", "6700"},
		{"00200001 06 " + pin, "9000", "00200001", "63c3"}, // told also to who has verified
		{"00200001 06 " + other, "63c2", "00200001 10 " + pin + pad, "9000", "00200001", "63c3"},
		{"00200001 06 " + other, "63c2", "00200001 06 " + other, "63c1", "00200001 06 " + other, "63c0", "00200001 06 " + pin, "63c0"},
		{"00240001 0C " + pin + pin, "6700"}, // no mark between old and new
		{"00240101 20 " + pin + pad + pin + pad, "6a86"},
		{"00240001 20 " + pin + pad + other + pad, "9000", "00200001 06 " + other, "9000"},
		{"002C0001 13 " + puk + "313233", "6700"},
		{"002C0001 21 " + puk + pin + pad + "00", "6700"},
		{"002C0002 16 " + puk + other, "6a86"},
		{"002C0001 16 " + puk + other, "9000", "00200001 06 " + other, "9000"},
		{"00A4000002 5031 00", "6f15" + "810200" + "0c" + "820101" + "83025031" + "8608ffffffffffffff00" + "9000", "00B0000002", "a80a9000", "00B0000C02", "6b00"},
		{"00A4000C02 5015", "9000", "00B0000002", "6981"},
		{"00A4000C02 1234", "6a82"},
		{"00D60000 01 00", "6d00"},
	} {
		card := newIso(t, simcard.Config{})
		for i := 0; i < len(dialogue); i += 2 {
			if got := says(t, card, dialogue[i]); got != dialogue[i+1] {
				t.Errorf("%s: %s, want %s", dialogue[i], got, dialogue[i+1])
			}
		}
	}
}

// The manager is another application: it drops what was chosen, and its name
// for the chip stays the same.
func TestTheManagerTellsTheChip(t *testing.T) {
	card := newIso(t, simcard.Config{})
	path := filepath.Join(t.TempDir(), "card.json")
	if err := card.Keep(path); err != nil {
		t.Fatal(err)
	}
	again := load(t, path)
	var told []string
	for _, c := range []*simcard.Card{card, again} {
		for _, name := range []string{selectManager, "00A40400 07 A0000001510000 00", "00A40400 08 A000000003000000 00"} {
			says(t, c, name)
			told = append(told, says(t, c, "80CA9F7F00"))
		}
	}
	for _, production := range told {
		if len(production) != 2*(3+42+2) || production != told[0] {
			t.Errorf("%s, and before %s", production, told[0])
		}
	}
	if got := says(t, card, "00200001"); got != "6d00" {
		t.Errorf("the applet answers without being chosen: %s", got)
	}
	if a, b := card.Status().CardID, newIso(t, simcard.Config{}).Status().CardID; a == b || again.Status().CardID != a {
		t.Errorf("%s and %s", a, b)
	}
}

func TestIsoAppletsThatCannotBeAreNotMade(t *testing.T) {
	for _, cfg := range []simcard.Config{{PIN: "123"}, {PIN: "12345678901234567"}, {PUK: "12345678"}} {
		cfg.Profiles = []string{"isoapplet"}
		if _, err := simcard.New(cfg); err == nil {
			t.Errorf("made %+v", cfg)
		}
	}
}

func FuzzIsoAppletAnswersAnything(f *testing.F) {
	f.Add([]byte("\x00\x20\x00\x01"), []byte("\x00\x2C\x00\x01\x161234567812345678271828"))
	f.Add([]byte("\x00\xA4\x00\x00\x02\x50\x31\x00"), []byte("\x00\xB0\x00\x01\x00"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		card := newCard(t, simcard.Config{Profiles: []string{"isoapplet"}})
		card.Answer(t.Context(), bytes.Join([][]byte{{0x00, 0xA4, 0x04, 0x00, 0x05}, {0xF2, 0x76, 0xA2, 0x88, 0xBC}}, nil))
		for _, apdu := range [][]byte{first, second} {
			if answer, err := card.Answer(t.Context(), apdu); err != nil || len(answer) < 2 {
				t.Errorf("% X: % X, %v", apdu, answer, err)
			}
		}
	})
}
