package profiles_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles"
	"unlockpoint/reader/simcard"
)

// inserted is a card in a reader, powered.
func inserted(t *testing.T, cfg simcard.Config) reader.Link {
	t.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	slot := simcard.NewSlot("Test reader")
	slot.Insert(card)
	link, err := slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	return link
}

func TestEveryProfileIsFoundOnItsCard(t *testing.T) {
	for _, p := range profiles.All() {
		_, info, err := profiles.Open(t.Context(), inserted(t, simcard.Config{Profiles: []string{p.Name}}))
		if err != nil || info.Profile != p.Name {
			t.Errorf("%s is taken for %q, %v", p.Name, info.Profile, err)
		}
	}
}

// Keys of a reader have digits only: cards that take letters are not served there.
func TestPasscodesOfDigitsAreTypedAtTheReader(t *testing.T) {
	digits := map[string]bool{"piv": true}
	for _, p := range profiles.All() {
		card, info, err := profiles.Open(t.Context(), inserted(t, simcard.Config{Profiles: []string{p.Name}}))
		if err != nil {
			t.Fatal(err)
		}
		if _, at := card.(reader.PadCard); at != digits[p.Name] || info.Rule.Digits != digits[p.Name] {
			t.Errorf("%s: typed at the reader %v, digits only %v", p.Name, at, info.Rule.Digits)
		}
	}
}

func TestCardsThatAreNotServed(t *testing.T) {
	for kind, want := range map[simcard.Kind]error{
		simcard.Unknown:     reader.ErrUnknownCard,
		simcard.Unsupported: reader.ErrUnsupported,
	} {
		if _, _, err := profiles.Open(t.Context(), inserted(t, simcard.Config{Kind: kind})); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", kind, err, want)
		}
	}
}

// A card with several applications is opened as each in turn.
func TestTheProfilesOfOneCardFollowEachOther(t *testing.T) {
	var names []string
	for _, p := range profiles.All() {
		names = append(names, p.Name)
	}
	link := inserted(t, simcard.Config{Profiles: names})
	_, info, err := profiles.Open(t.Context(), link)
	for i, want := range names {
		if err != nil || info.Profile != want {
			t.Fatalf("number %d is %q, not %q: %v", i, info.Profile, want, err)
		}
		_, info, err = profiles.After(t.Context(), link, want)
	}
	if !errors.Is(err, reader.ErrUnknownCard) {
		t.Errorf("after the last: %v", err)
	}
}

// spoiled is a card that answers some of its commands in another way.
type spoiled struct {
	reader.Link
	answers map[string]string // by what is in the command
}

func (s spoiled) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	for command, answer := range s.answers {
		if strings.Contains(string(apdu), command) {
			return []byte(answer), nil
		}
	}
	return s.Link.Transmit(ctx, apdu)
}

// An application that nobody has set up, and one that is too old, hide none
// behind them.
func TestAnEmptyApplicationHidesNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		profiles []string
		answers  map[string]string
		want     string
		err      error
	}{
		"a PIV application without a name":            {[]string{"piv", "openpgp"}, map[string]string{noCHUID: "\x6A\x82"}, "openpgp", nil},
		"nothing behind it":                           {[]string{"piv"}, map[string]string{noCHUID: "\x6A\x82"}, "", reader.ErrUnknownCard},
		"GIDS of version 1":                           {[]string{"gids", "isoapplet"}, map[string]string{selectGIDS: versionOne}, "isoapplet", nil},
		"nothing behind that":                         {[]string{"gids"}, map[string]string{selectGIDS: versionOne}, "", reader.ErrUnsupported},
		"both, and something behind them in the list": {[]string{"piv", "gids", "authentic"}, map[string]string{noCHUID: "\x6A\x82", selectGIDS: versionOne}, "authentic", nil},
	} {
		link := spoiled{inserted(t, simcard.Config{Profiles: c.profiles}), c.answers}
		_, info, err := profiles.Open(t.Context(), link)
		if info.Profile != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", name, info.Profile, err)
		}
	}
}

const (
	noCHUID    = "\x5C\x03\x5F\xC1\x02" // its name, in GET DATA
	selectGIDS = "\xA0\x00\x00\x03\x97\x42\x54\x46\x59"
	versionOne = "\x61\x0D\x4F\x0B\xA0\x00\x00\x03\x97\x42\x54\x46\x59\x01\x01\x90\x00"
)

// A person waits while the card is read: for the first profile as for the last,
// on a card that speaks T=0 as well.
func TestEveryCardIsKnownInFifteenCommands(t *testing.T) {
	const most = 15
	for _, quirks := range []simcard.Quirks{{}, {T0: true}} {
		for _, p := range profiles.All() {
			meter := iso7816.NewMeter(inserted(t, simcard.Config{Profiles: []string{p.Name}, Quirks: quirks}), time.Now)
			_, _, err := profiles.Open(t.Context(), meter)
			n := len(meter.Timings())
			t.Logf("%s, T=0: %v: %d commands", p.Name, quirks.T0, n)
			if err != nil || n > most {
				t.Errorf("%s, T=0: %v: %d commands, %v", p.Name, quirks.T0, n, err)
			}
		}
	}
}
