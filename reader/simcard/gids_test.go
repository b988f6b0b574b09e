package simcard_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// says sends a command in hex and returns the answer in hex.
func says(t *testing.T, card *simcard.Card, command string) string {
	t.Helper()
	apdu, err := hex.DecodeString(strings.ReplaceAll(command, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := card.Answer(t.Context(), apdu)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(answer)
}

func newGIDS(t *testing.T, cfg simcard.Config) *simcard.Card {
	t.Helper()
	cfg.Profiles = []string{"gids"}
	card := newCard(t, cfg)
	selectGIDS(t, card)
	return card
}

func selectGIDS(t *testing.T, card *simcard.Card) {
	t.Helper()
	if got := says(t, card, "00A4040009A0000003974254465900"); got != "61124f0ba0000003974254465902017303"+"4001c09000" {
		t.Fatal(got)
	}
}

// The words are those of GidsApplet, down to the ones that look odd.
func TestAGIDSCardRefusesInTheWordsOfTheApplet(t *testing.T) {
	for _, dialogue := range [][]string{
		{"0020008000", "63c3"},
		{"00200081 04 31323334", "6a88"}, // no PUK in version 2
		{"00200180 04 31323334", "6a86"},
		{"00200080 03 313233", "63c3"}, // too short to be tested
		{"00200080 06 303030303030", "63c2", "00200080 06 313233343536", "9000", "0020008000", "63c3"},
		{"00200080 06 303030303030", "63c2", "00200080 06 303030303030", "63c1", "00200080 06 303030303030", "63c0", "00200080 06 313233343536", "6983"},
		{"00240080 0A 31323334353637383930", "9000", "00200080 04 37383930", "9000"}, // no mark between old and new
		{"00240080 09 313233343536373839", "6700"},
		{"00240080 07 31323334353637", "63c3"},
		{"002C0280 04 31323334", "6982"},
		{"002C0080 04 31323334", "6a86"},
		{"002C0281 04 31323334", "6a88"},
		{"00870000 02 7C00", "6984"},
		{"00870000 02 5C00", "6984"},
		{"00870000 0C 7C0A82080000000000000000", "6985"}, // nobody asked
		{"00870000 06 7C0481020000", "6984"},
		{"0022C1A4 03 830181", "6984"},
		{"002241B6 03 840181", "6984"},
		{"00CB3FFF 04 5C027F71 00", "7f710697010393010" + "39000"},
		{"00CB3FFF 04 5C027F73 00", "6a88"},
		{"00CBA012 04 5C02DF2100", "6a88"},
		{"00CBA0FF 04 5C02DF2000", "6a82"},
		{"00CB2F01 02 5C0000", "4301f44703080180460756697274756" + "16c9000"},
		{"00DB3FFF 02 5C00", "6d00"}, // no administration
	} {
		card := newGIDS(t, simcard.Config{})
		for i := 0; i < len(dialogue); i += 2 {
			if got := says(t, card, dialogue[i]); got != dialogue[i+1] {
				t.Errorf("%s: %s, want %s", dialogue[i], got, dialogue[i+1])
			}
		}
	}
}

const (
	chooseAdminKey = "0022C1A403830180"
	askMutual      = "00870000147C12811000010203040506070809 0a0b0c0d0e0f00"
	askSingle      = "00870000047C02810000"
	unblockGIDS    = "002C02800432373138"
)

// solve makes the response to a challenge in hex, as the holder of the key.
func solve(t *testing.T, key, answer string) string {
	t.Helper()
	return padded(t, key, answer, "80")
}

func padded(t *testing.T, key, answer, padding string) string {
	t.Helper()
	text := strings.TrimSuffix(answer, "9000")[8:] // behind the template's two headers
	if len(text) == 32 {
		text += "000102030405060708090a0b0c0d0e0f" + "11223344556677" + padding
	}
	plain, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	block, err := des.NewTripleDESCipher(raw)
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, make([]byte, 8)).CryptBlocks(plain, plain)
	n := byte(len(plain))
	return hex.EncodeToString(append([]byte{0, 0x87, 0, 0, n + 4, 0x7C, n + 2, 0x82, n}, plain...))
}

// Both forms of the exchange authorise the session, for one passcode.
func TestTheAdminKeyAuthorisesOneSession(t *testing.T) {
	for name, ask := range map[string]string{"mutual": askMutual, "single": askSingle} {
		for end, drop := range map[string]func(*simcard.Card){
			"nothing": func(*simcard.Card) {},
			"reset":   func(c *simcard.Card) { c.Reset(); selectGIDS(t, c) },
			"select":  func(c *simcard.Card) { selectGIDS(t, c) },
			"log-out": func(c *simcard.Card) { says(t, c, "00200082") },
			"a new challenge": func(c *simcard.Card) {
				says(t, c, askSingle)
			},
			"being used": func(c *simcard.Card) { says(t, c, unblockGIDS) },
		} {
			card := newGIDS(t, simcard.Config{Kind: simcard.Blocked})
			says(t, card, chooseAdminKey)
			if got := says(t, card, solve(t, factoryAdminKey, says(t, card, ask))); !strings.HasSuffix(got, "9000") {
				t.Fatalf("%s: %s", name, got)
			}
			drop(card)
			want := "6982"
			if end == "nothing" {
				want = "9000"
			}
			if got := says(t, card, unblockGIDS); got != want {
				t.Errorf("%s, ended by %s: %s", name, end, got)
			}
		}
	}
}

func TestAResponseCountsOnceAndForItsChallengeAndKeyOnly(t *testing.T) {
	card := newGIDS(t, simcard.Config{})
	early := solve(t, factoryAdminKey, says(t, card, askMutual))
	if got := says(t, card, early); got != "6985" {
		t.Errorf("without a key chosen: %s", got)
	}
	says(t, card, chooseAdminKey)
	old := solve(t, factoryAdminKey, says(t, card, askMutual))
	says(t, card, askMutual)
	if got := says(t, card, old); got != "6982" {
		t.Errorf("to the challenge before: %s", got)
	}
	if got := says(t, card, solve(t, anotherAdminKey, says(t, card, askMutual))); got != "6982" {
		t.Errorf("with another key: %s", got)
	}
	if got := says(t, card, padded(t, factoryAdminKey, says(t, card, askMutual), "00")); got != "6982" {
		t.Errorf("with another padding: %s", got)
	}
	right := solve(t, factoryAdminKey, says(t, card, askMutual))
	if got := says(t, card, right); !strings.HasPrefix(got, "7c2a8228") {
		t.Errorf("the right one: %s", got)
	}
	if got := says(t, card, right); got != "6985" {
		t.Errorf("again: %s", got)
	}
}

// Most cards count nothing; of those that do, the key can be used up.
func TestWrongResponsesCountWhereTheCardCounts(t *testing.T) {
	card := newGIDS(t, simcard.Config{Quirks: simcard.Quirks{CountsAdmin: true}})
	says(t, card, chooseAdminKey)
	for _, want := range []string{"63c2", "63c1", "6983", "6983"} {
		if got := says(t, card, solve(t, anotherAdminKey, says(t, card, askSingle))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if left := card.Status().PUKTries; left != 0 {
		t.Errorf("%d tries left", left)
	}
	used := newGIDS(t, simcard.Config{Kind: simcard.PUKUsedUp})
	says(t, used, chooseAdminKey)
	if got := says(t, used, solve(t, factoryAdminKey, says(t, used, askMutual))); got != "6983" {
		t.Errorf("used up from the start: %s", got)
	}
}

func TestAGIDSCardRemembersEverythingWithoutPower(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.json")
	card := newGIDS(t, simcard.Config{PUK: anotherAdminKey, PIN: "2718"})
	if err := card.Keep(path); err != nil {
		t.Fatal(err)
	}
	card.Verify("0000")
	again := load(t, path)
	selectGIDS(t, again)
	was, is := card.Status(), again.Status()
	if is.Profile != "gids" || is.CardID != was.CardID || is.Tries != 2 || is.PUKTries != 3 {
		t.Errorf("%+v was %+v", is, was)
	}
	const certificate = "00CBA0100000045C02DF240000"
	if got := says(t, again, certificate); got != says(t, card, certificate) || len(got) < 600 {
		t.Errorf("another certificate: %s", got)
	}
	says(t, again, chooseAdminKey)
	if got := says(t, again, solve(t, anotherAdminKey, says(t, again, askMutual))); !strings.HasSuffix(got, "9000") {
		t.Errorf("another admin key: %s", got)
	}
}

func TestGIDSCardsThatCannotBeAreNotMade(t *testing.T) {
	for _, cfg := range []simcard.Config{{PIN: "123"}, {PIN: "12345678901234567"}, {PUK: "12345678"}, {PUK: factoryAdminKey[2:]}, {PUK: "x" + factoryAdminKey[1:]}} {
		cfg.Profiles = []string{"gids"}
		if _, err := simcard.New(cfg); err == nil {
			t.Errorf("made %+v", cfg)
		}
	}
}

func FuzzGIDSCardAnswersAnything(f *testing.F) {
	card := newCard(f, simcard.Config{Profiles: []string{"gids"}, Quirks: simcard.Quirks{CountsAdmin: true}})
	f.Add([]byte("\x00\x20\x00\x80"), []byte("\x00\x24\x00\x80\x0812345678"))
	f.Add([]byte("\x00\x22\xC1\xA4\x03\x83\x01\x80"), []byte("\x00\x87\x00\x00\x04\x7C\x02\x81\x00\x00"))
	f.Add([]byte("\x00\x87\x00\x00\x04\x7C\x02\x81\x00\x00"), []byte("\x00\x87\x00\x00\x0C\x7C\x0A\x82\x0812345678"))
	f.Add([]byte("\x00\xCB\xA0\x00\x04\x5C\x02\xDF\x1F\x00"), []byte("\x00\xCB\x2F\x01\x02\x5C\x00\x00"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		card.Answer(t.Context(), []byte("\x00\xA4\x04\x00\x09\xA0\x00\x00\x03\x97\x42\x54\x46\x59"))
		for _, apdu := range [][]byte{first, second} {
			answer, err := card.Answer(t.Context(), apdu)
			if err != nil || len(answer) < 2 {
				t.Errorf("% X: % X, %v", apdu, answer, err)
			}
		}
		unblock := []byte("\x00\x2C\x02\x80\x041234")
		if answer, _ := card.Answer(t.Context(), unblock); bytes.HasSuffix(answer, []byte{0x90, 0x00}) {
			t.Errorf("% X, % X authorised the session", first, second)
		}
	})
}
