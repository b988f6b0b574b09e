package simcard_test

import (
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

func newPGP(t testing.TB, cfg simcard.Config) *simcard.Card {
	t.Helper()
	cfg.Profiles = []string{"openpgp"}
	return newCard(t, cfg)
}

const selectPGP = "00A40400 06 D27600012401 00"

// dialogue sends every other line to a card and compares the lines between.
func dialogue(t *testing.T, cfg simcard.Config, lines ...string) {
	t.Helper()
	card := newPGP(t, cfg)
	says(t, card, selectPGP)
	for i := 0; i < len(lines); i += 2 {
		if got := says(t, card, lines[i]); got != lines[i+1] {
			t.Errorf("%s: %s, want %s", lines[i], got, lines[i+1])
		}
	}
}

func TestAnOpenPGPCardRefusesInFewWords(t *testing.T) {
	for _, lines := range [][]string{
		{selectPGP, "9000", "0020008200", "63c3"},
		{"00200080 06 313233343536", "6a88"},
		{"00200182 06 313233343536", "6a86"},
		{"00200082 05 3132333435", "6700"}, // too short to be tested
		{"00200083 07 31323334353637", "6700", "00200083 08 3132333435363738", "9000"},
		{"00200082 06 303030303030", "6982", "00200082 06 303030303030", "6982", "00200082 06 303030303030", "6982",
			"00200082 06 313233343536", "6982", "00CA00C400", "00202020000003" + "9000"},
		{"00200082 06 313233343536", "9000", "0020008200", "9000", "0020008100", "63c3", "0020FF82", "9000", "0020008200", "63c3"},
		{"00240082 0C 313233343536323731383238", "6a88"},
		{"00240081 0C 313233343536323731383238", "9000", "00200082 06 323731383238", "9000"},
		{"00240081 0E 3132333435363732373138323831", "9000", "00200081 08 3732373138323831", "9000"}, // no mark between old and new
		{"00240081 0B 3132333435363237313832", "6700", "00CA00C400", "00202020030003" + "9000"},
		{"002C0281 06 323731383238", "6982"},
		{"00200083 08 3132333435363738", "9000", "002C0281 05 3237313832", "6700", "002C0281 06 323731383238", "9000", "00200082 06 323731383238", "9000"},
		{"002C0283 08 3132333435363738", "6a86"},
		{"002C0081 0E 3132333435363738323731383238", "6982"}, // there is no resetting code
		{"00CA00F900", "8101009000"},
		{"00CA004D00", "6a88"},
		{"00DA005B 01 41", "6d00"}, // no administration
	} {
		dialogue(t, simcard.Config{}, lines...)
	}
}

// Some cards say more than that it may not.
func TestOpenPGPCardsThatSayMore(t *testing.T) {
	wrong, right := "00200082 06 303030303030", "00200082 06 313233343536"
	dialogue(t, simcard.Config{Quirks: simcard.Quirks{TellsTries: true}}, wrong, "63c2", wrong, "63c1", wrong, "6983", right, "6983")
	dialogue(t, simcard.Config{Quirks: simcard.Quirks{TellsTries: true, CountsToZero: true}}, wrong, "63c2", wrong, "63c1", wrong, "63c0")
	dialogue(t, simcard.Config{Quirks: simcard.Quirks{TellsBlocked: true}}, wrong, "6982", wrong, "6982", wrong, "6983", right, "6983")
	short := "00240081 0D 30303030303032373138323831"
	dialogue(t, simcard.Config{Quirks: simcard.Quirks{FormFirst: true}}, "002C0281 05 3237313832", "6700", "00CA00C400", "00202020030003"+"9000", short, "6982")
}

// The example of the specification (4.3.2): two of the salts, the count, and
// what comes out for the secrets of the factory.
func TestAnOpenPGPCardWithKDFIsTheSpecificationsExample(t *testing.T) {
	pw1 := "773784a602b6c81e3f092f4d7d00e17cc822d88f7360fcf2d2ef2d9d901f44b6"
	pw3 := "2675d6164a0d4827d1d00c7eea620d015c00030a1cab38b4d0dd600b27dc9630"
	kdf := "810103" + "820108" + "8304000186a0" + "84083031323334353637" + "85081011121314151617" + "86084142434445464748" + "8720" + pw1 + "8820" + pw3
	dialogue(t, simcard.Config{Quirks: simcard.Quirks{KDF: true}},
		"00CA00F900", kdf+"9000",
		"00200082 20"+pw1, "9000", "00200083 20"+pw3, "9000",
		"00200082 06 313233343536", "6982") // a secret that was not hashed costs a try
}

func TestAnOpenPGPCardWithoutTriesOfItsAdminPIN(t *testing.T) {
	card := newPGP(t, simcard.Config{Kind: simcard.PUKUsedUp})
	says(t, card, selectPGP)
	if got := says(t, card, "00200083 08 3132333435363738"); got != "6982" {
		t.Errorf("the admin PIN is told %s", got)
	}
	if s := card.Status(); s.Tries != 0 || s.PUKTries != 0 || card.Verify("123456") {
		t.Errorf("%+v", s)
	}
}

func TestAnOpenPGPCardRemembersItsSecretsWithoutPower(t *testing.T) {
	for _, quirks := range []simcard.Quirks{{}, {KDF: true}} {
		path := filepath.Join(t.TempDir(), "card.json")
		card := newPGP(t, simcard.Config{PIN: "My pass 1", PUK: "\"8 or more\"", Quirks: quirks})
		if err := card.Keep(path); err != nil {
			t.Fatal(err)
		}
		again := load(t, path)
		if !again.Verify("My pass 1") || again.Status().CardID != card.Status().CardID {
			t.Errorf("%+v was %+v", again.Status(), card.Status())
		}
	}
}

func TestOpenPGPCardsThatCannotBeAreNotMade(t *testing.T) {
	for _, cfg := range []simcard.Config{{PIN: "12345"}, {PIN: strings.Repeat("1", 33)}, {PUK: "1234567"}, {PUK: strings.Repeat("1", 33)}} {
		cfg.Profiles = []string{"openpgp"}
		if _, err := simcard.New(cfg); err == nil {
			t.Errorf("made %+v", cfg)
		}
	}
}

func FuzzOpenPGPCardAnswersAnything(f *testing.F) {
	card := newPGP(f, simcard.Config{Quirks: simcard.Quirks{KDF: true, ResettingCode: true}})
	f.Add([]byte("\x00\xCA\x00\x6E\x00"))
	f.Add([]byte("\x00\x24\x00\x81\x0C123456271828"))
	f.Add([]byte("\x00\x2C\x00\x81\x0E12345678271828"))
	f.Add([]byte("\x00\xA5\x01\x04\x06\x60\x04\x5C\x02\x7F\x21"))
	f.Fuzz(func(t *testing.T, apdu []byte) {
		card.Answer(t.Context(), []byte("\x00\xA4\x04\x00\x06\xD2\x76\x00\x01\x24\x01"))
		answer, err := card.Answer(t.Context(), apdu)
		if err != nil || len(answer) < 2 {
			t.Errorf("% X: % X, %v", apdu, answer, err)
		}
	})
}
